// A fan chart in the terminal: braille dots for the lines (2 × 4 to a character), shades for the intervals.
import pc from 'picocolors';
import { refuseUnknownOptions, UsageError } from '../../core/errors.ts';
import type { Frequency } from '../../core/frequency.ts';
import { tickLabels } from '../../core/number-text.ts';
import { timeTicks, valueDomain, valueTicks } from '../../report/axis.ts';
import { displayWidth, plainText, toAscii, truncate } from './table.ts';

export interface FanChartOptions {
  /** Observed values, NaN where there is none. */
  readonly history: ArrayLike<number>;
  /** Ordinal of history[0]. */
  readonly historyStart: number;
  readonly freq: Frequency;
  /** Forecast means of the periods after the history; defaults to none. */
  readonly mean?: ArrayLike<number>;
  /** Intervals around the means, in any order; the two outermost and innermost are shaded. Defaults to none. */
  readonly bands?: readonly {
    readonly level: number;
    readonly lo: ArrayLike<number>;
    readonly hi: ArrayLike<number>;
  }[];
  /** Characters a line, at least 24; defaults to 80. */
  readonly width?: number;
  /** Lines in all, at least 6; defaults to 18. */
  readonly height?: number;
  /** Colours the forecast; defaults to false. */
  readonly color?: boolean;
  /** Draws with ASCII characters only; defaults to false. */
  readonly ascii?: boolean;
  /** Defaults to none. */
  readonly title?: string;
}

const OPTIONS = 'history historyStart freq mean bands width height color ascii title'.split(' ');

/** Braille: the bit of each of the 2 × 4 dots, column by column, top to bottom. */
const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
];

/** What a character cell shows, later ones over earlier ones. */
const Layer = { outer: 1, inner: 2, history: 3, forecast: 4 } as const;

interface Glyphs {
  readonly across: number;
  readonly down: number;
  readonly outer: string;
  readonly inner: string;
  readonly axis: string;
  readonly tick: string;
  readonly corner: string;
  readonly floor: string;
  readonly mark: string;
}

const UNICODE: Glyphs = {
  across: 2,
  down: 4,
  outer: '░',
  inner: '▒',
  axis: '│',
  tick: '┤',
  corner: '└',
  floor: '─',
  mark: '┬',
};
const ASCII: Glyphs = {
  across: 1,
  down: 1,
  outer: '.',
  inner: ':',
  axis: '|',
  tick: '+',
  corner: '+',
  floor: '-',
  mark: '+',
};

/** A grid of character cells with lines of dots on it. */
class Canvas {
  readonly dots: Uint8Array;
  readonly layer: Uint8Array;
  readonly columns: number;
  readonly rows: number;
  readonly glyphs: Glyphs;

  constructor(columns: number, rows: number, glyphs: Glyphs) {
    this.columns = columns;
    this.rows = rows;
    this.glyphs = glyphs;
    this.dots = new Uint8Array(columns * rows);
    this.layer = new Uint8Array(columns * rows);
  }

  dot(x: number, y: number, layer: number): void {
    const { across, down } = this.glyphs;
    const column = Math.floor(x / across);
    const row = Math.floor(y / down);
    if (column < 0 || column >= this.columns || row < 0 || row >= this.rows) return;
    const cell = row * this.columns + column;
    this.dots[cell]! |= DOTS[x % across]![y % down]!;
    this.layer[cell] = Math.max(this.layer[cell]!, layer);
  }

  /** Bresenham's line between two dots, both included. */
  line(x0: number, y0: number, x1: number, y1: number, layer: number): void {
    const dx = Math.abs(x1 - x0);
    const dy = -Math.abs(y1 - y0);
    const sx = x0 < x1 ? 1 : -1;
    const sy = y0 < y1 ? 1 : -1;
    let error = dx + dy;
    let [x, y] = [x0, y0];
    for (;;) {
      this.dot(x, y, layer);
      if (x === x1 && y === y1) return;
      const twice = 2 * error;
      if (twice >= dy) {
        error += dy;
        x += sx;
      }
      if (twice <= dx) {
        error += dx;
        y += sy;
      }
    }
  }

  shade(column: number, row: number, layer: number): void {
    const cell = row * this.columns + column;
    this.layer[cell] = Math.max(this.layer[cell]!, layer);
  }
}

function extent(columns: readonly ArrayLike<number>[]): [number, number] {
  let [lo, hi] = [Infinity, -Infinity];
  for (const column of columns) {
    for (let k = 0; k < column.length; k++) {
      if (column[k]! < lo) lo = column[k]!;
      if (column[k]! > hi) hi = column[k]!;
    }
  }
  return [lo, hi];
}

/** Draws a chart as lines of text without a last line break; the same input gives the same text. */
export function fanChart(options: FanChartOptions): string {
  refuseUnknownOptions('the chart', options, OPTIONS);
  const { history, historyStart, freq, mean = [], bands = [], title } = options;
  const { width = 80, height = 18, color = false, ascii = false } = options;
  if (!(width >= 24 && height >= 6)) {
    throw new UsageError(`the chart has ${width} × ${height} characters; it needs at least 24 × 6.`);
  }
  const glyphs = ascii ? ASCII : UNICODE;
  const safe = ascii ? toAscii : (text: string): string => text;
  const sorted = [...bands].sort((a, b) => b.level - a.level);
  const count = history.length + mean.length;
  const heading = title === undefined ? [] : [safe(truncate(plainText(title), width, ascii ? '~' : '…'))];
  if (count === 0) return [...heading, '(no values)'].join('\n');

  // The rows of the frame: title, plot, axis, dates, key.
  const rows = Math.max(2, Math.floor(height) - heading.length - 3);
  const lines = extent([history, mean]);
  const all = extent([lines, ...sorted.flatMap(({ lo, hi }) => [lo, hi])]);
  // An interval that dwarfs the rest is cut at the edge.
  const room = 2 * (lines[1] - lines[0] || Math.abs(lines[1]) || 1);
  const [lo, hi] = valueDomain(Math.max(all[0], lines[0] - room), Math.min(all[1], lines[1] + room));
  const ticks = valueTicks(lo, hi, Math.max(2, Math.round(rows / 2.5)));
  const labels = tickLabels(ticks).map(safe);
  const margin = Math.max(...labels.map(displayWidth));
  const columns = Math.max(4, Math.floor(width) - margin - 2);
  const canvas = new Canvas(columns, rows, glyphs);

  const wide = columns * glyphs.across - 1;
  const tall = rows * glyphs.down - 1;
  const xOf = (k: number): number =>
    count > 1 ? Math.round((k / (count - 1)) * wide) : Math.floor(wide / 2);
  const yOf = (value: number): number => Math.round((1 - (value - lo) / (hi - lo)) * tall);
  const draw = (values: ArrayLike<number>, from: number, layer: number): void => {
    let previous = -1;
    for (let k = 0; k < values.length; k++) {
      if (Number.isNaN(values[k]!)) {
        previous = -1;
        continue;
      }
      const [x, y] = [xOf(from + k), yOf(values[k]!)];
      if (previous < 0) canvas.dot(x, y, layer);
      else canvas.line(xOf(from + previous), yOf(values[previous]!), x, y, layer);
      previous = k;
    }
  };
  for (const [rank, band] of sorted.entries()) {
    const layer = rank === sorted.length - 1 ? Layer.inner : Layer.outer;
    shadeBand(canvas, band, history.length, count, (value) => yOf(value) / glyphs.down, layer);
  }
  draw(history, 0, Layer.history);
  draw(mean, history.length, Layer.forecast);

  const colours = pc.createColors(color);
  const plot = Array.from({ length: rows }, (_, r) => {
    const tick = ticks.findIndex((value) => Math.floor(yOf(value) / glyphs.down) === r);
    const label = (tick < 0 ? '' : labels[tick]!).padStart(margin);
    const edge = tick < 0 ? glyphs.axis : glyphs.tick;
    return `${colours.dim(`${label} ${edge}`)}${paint(canvas, r, ascii, colours)}`.trimEnd();
  });
  return [
    ...heading.map((text) => colours.bold(text)),
    ...plot,
    ...timeAxis(
      freq,
      historyStart,
      count,
      columns,
      margin,
      (k) => Math.floor(xOf(k) / glyphs.across),
      glyphs,
    ).map((text) => colours.dim(text)),
    key(
      mean.length > 0,
      sorted.map(({ level }) => level),
      ascii,
      margin,
      width,
      colours,
    ),
  ].join('\n');
}

/** Shades the cells between the bounds of an interval; between periods the bounds are interpolated. */
function shadeBand(
  canvas: Canvas,
  { lo, hi }: { readonly lo: ArrayLike<number>; readonly hi: ArrayLike<number> },
  from: number,
  count: number,
  rowOf: (value: number) => number,
  layer: number,
): void {
  // The first and last period own what is beside them: half a period, but hardly more than a character.
  const reach = Math.min(0.5, (1.5 * (count - 1)) / Math.max(1, canvas.columns - 1));
  for (let column = 0; column < canvas.columns; column++) {
    const share = canvas.columns > 1 ? column / (canvas.columns - 1) : 0;
    const at =
      count > 1 ? share * (count - 1) - from : column === Math.floor((canvas.columns - 1) / 2) ? 0 : -1;
    if (at < -reach || at > lo.length - 1 + reach || lo.length === 0) continue;
    const inside = Math.min(Math.max(at, 0), lo.length - 1);
    const k = Math.min(Math.floor(inside), Math.max(0, lo.length - 2));
    const part = inside - k;
    const between = (values: ArrayLike<number>): number =>
      part === 0 || lo.length === 1 ? values[k]! : values[k]! + part * (values[k + 1]! - values[k]!);
    const [top, bottom] = [rowOf(between(hi)), rowOf(between(lo))];
    if (Number.isNaN(top) || Number.isNaN(bottom)) continue;
    const last = Math.min(canvas.rows - 1, Math.floor(bottom));
    for (let row = Math.max(0, Math.floor(top)); row <= last; row++) canvas.shade(column, row, layer);
  }
}

/** One row of the plot as text, coloured by stretches of the same layer. */
function paint(
  canvas: Canvas,
  row: number,
  ascii: boolean,
  colours: ReturnType<typeof pc.createColors>,
): string {
  const plain = (text: string): string => text;
  const styles = [
    plain,
    (text: string) => colours.dim(colours.blue(text)),
    colours.blue,
    plain,
    colours.cyan,
  ];
  const glyph = (layer: number, dots: number): string => {
    if (layer === 0) return ' ';
    if (layer === Layer.outer) return canvas.glyphs.outer;
    if (layer === Layer.inner) return canvas.glyphs.inner;
    return ascii ? (layer === Layer.history ? '*' : 'o') : String.fromCharCode(0x2800 + dots);
  };
  let out = '';
  for (let column = 0; column < canvas.columns; ) {
    const layer = canvas.layer[row * canvas.columns + column]!;
    let stretch = '';
    for (; column < canvas.columns; column++) {
      const cell = row * canvas.columns + column;
      if (canvas.layer[cell] !== layer) break;
      stretch += glyph(layer, canvas.dots[cell]!);
    }
    out += styles[layer]!(stretch);
  }
  return out.trimEnd();
}

/** The horizontal axis and its dates; labels that would touch are left out. */
function timeAxis(
  freq: Frequency,
  start: number,
  count: number,
  columns: number,
  margin: number,
  columnOf: (k: number) => number,
  glyphs: Glyphs,
): string[] {
  const marks = new Array<string>(columns).fill(glyphs.floor);
  let dates = '';
  for (const { period, label } of timeTicks(
    freq,
    start,
    start + count - 1,
    Math.max(2, Math.floor(columns / 12)),
  )) {
    const column = columnOf(period - start);
    const from = Math.min(
      Math.max(0, column - Math.floor(label.length / 2)),
      Math.max(0, columns - label.length),
    );
    if (dates.length > 0 && from < dates.length + 2) continue;
    marks[column] = glyphs.mark;
    dates = dates.padEnd(from) + label;
  }
  const pad = ' '.repeat(margin + 1);
  return [`${pad}${glyphs.corner}${marks.join('')}`, `${pad} ${dates}`];
}

/** The key below the chart, as much of it as fits. */
function key(
  forecast: boolean,
  levels: readonly number[],
  ascii: boolean,
  margin: number,
  width: number,
  colours: ReturnType<typeof pc.createColors>,
): string {
  const glyphs = ascii ? ASCII : UNICODE;
  const line = ascii ? ['*', 'o'] : ['⠒', '⠒'];
  const parts: [glyph: string, text: string, plain: string][] = [[line[0]!, 'history', line[0]!]];
  if (forecast) parts.push([colours.cyan(line[1]!), 'forecast', line[1]!]);
  for (const [rank, level] of [...levels].reverse().entries()) {
    const shade = rank === 0 ? glyphs.inner : glyphs.outer;
    parts.push([colours.blue(shade), `${level}%`, shade]);
  }
  let out = ' '.repeat(margin);
  let used = margin;
  for (const [glyph, text, plain] of parts) {
    used += 2 + displayWidth(`${plain} ${text}`);
    if (used > width) break;
    out += `  ${glyph} ${text}`;
  }
  return out;
}
