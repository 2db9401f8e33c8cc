// A fan chart as SVG: history, what was forecast for it, and the forecast with its intervals.
// Lines stretch with the page while text keeps its size: the plot is a nested SVG without aspect ratio, and
// labels are placed in percent of the width. Colours come from the page's style by class.
import { weekday } from '../core/calendar.ts';
import { type Frequency, timestamp } from '../core/frequency.ts';
import { tickLabels } from '../core/number-text.ts';
import { CellState } from '../core/panel.ts';
import { timeTicks, valueDomain, valueTicks } from './axis.ts';
import { escapeHtml } from './html.ts';

export interface Band {
  /** In percent. */
  readonly level: number;
  readonly lo: ArrayLike<number>;
  readonly hi: ArrayLike<number>;
}

export interface Run {
  /** Ordinal of the first value. */
  readonly start: number;
  readonly mean: ArrayLike<number>;
  /** Intervals, widest first. */
  readonly bands: readonly Band[];
}

export interface FanChart {
  /** Unique on the page; names the chart's title and description for screen readers. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly freq: Frequency;
  /** Ordinal of history[0]. */
  readonly start: number;
  readonly history: ArrayLike<number>;
  /** A CellState a value of history: lines bridge closed cells and break at missing ones. */
  readonly state?: ArrayLike<number>;
  /** Weekdays without sales, bridged in the forecast too. */
  readonly closedWeekdays?: readonly number[];
  readonly forecast: Run;
  readonly backtest?: Run;
  /** Of the plot without its time axis, in CSS pixels. */
  readonly height: number;
  /** About how many labels the time axis has room for on a narrow screen and on a wide one. */
  readonly ticks: readonly [narrow: number, wide: number];
}

/** Width of the plot's own coordinates; 5 at either end keep dots and line ends inside. */
const WIDTH = 1000;
const MARGIN = 5;

/** How far intervals may stretch the chart, in spans of its lines; what lies beyond is cut at the edge. */
const STRETCH = 1;

type Point = readonly [x: number, y: number];

const round = (value: number): number => Math.round(value * 10) / 10;

/** Draws runs of points as lines; a run of one point becomes a dot (a line of no length with round ends). */
function linePath(runs: readonly (readonly Point[])[]): string {
  return runs
    .map((run) => {
      const points = run.map(([x, y]) => `${round(x)} ${round(y)}`);
      return run.length === 1 ? `M${points[0]}h0` : `M${points.join('L')}`;
    })
    .join('');
}

/** Outlines the area between runs of upper and lower points. */
function bandPath(upper: readonly (readonly Point[])[], lower: readonly (readonly Point[])[]): string {
  return upper
    .map((run, k) => {
      const back = lower[k] ?? [];
      const there = run.map(([x, y]) => `${round(x)} ${round(y)}`).join('L');
      const home = [...back]
        .reverse()
        .map(([x, y]) => `${round(x)} ${round(y)}`)
        .join('L');
      return run.length === 1 ? `M${there}L${home}` : `M${there}L${home}Z`;
    })
    .join('');
}

/** The least and greatest of several columns, NaN left out. */
function extent(columns: readonly ArrayLike<number>[]): [lo: number, hi: number] {
  let lo = Infinity;
  let hi = -Infinity;
  for (const column of columns) {
    for (let k = 0; k < column.length; k++) {
      const value = column[k]!;
      if (value < lo) lo = value;
      if (value > hi) hi = value;
    }
  }
  return [lo, hi];
}

/** The values that the chart spans: all of the lines, and of the bands what does not dwarf them. */
function domainOf({ history, forecast, backtest }: FanChart): [lo: number, hi: number] {
  const runs = backtest ? [forecast, backtest] : [forecast];
  const lines = extent([history, ...runs.map(({ mean }) => mean)]);
  const all = extent([lines, ...runs.flatMap(({ bands }) => bands.flatMap(({ lo, hi }) => [lo, hi]))]);
  const room = (lines[1] - lines[0] || Math.abs(lines[1]) || 1) * STRETCH;
  return valueDomain(Math.max(all[0], lines[0] - room), Math.min(all[1], lines[1] + room));
}

/** Renders the chart; the page's style must define its classes. */
export function fanChart(chart: FanChart): string {
  const { id, freq, start, history, state, closedWeekdays = [], forecast, backtest, height } = chart;
  const last = Math.max(start + history.length, forecast.start + forecast.mean.length) - 1;
  const span = last - start;
  const x = (period: number): number =>
    span > 0 ? MARGIN + ((period - start) / span) * (WIDTH - 2 * MARGIN) : WIDTH / 2;
  const [lo, hi] = domainOf(chart);
  // What is cut at the edge needs no coordinates far outside.
  const y = (value: number): number =>
    Math.min(2 * height, Math.max(-height, height * (1 - (value - lo) / (hi - lo))));
  const percent = (period: number): string => `${Number((x(period) / 10).toFixed(2))}%`;

  const shut = (period: number): boolean =>
    freq.unit === 'day' && closedWeekdays.includes(weekday(Math.floor(timestamp(freq, period) / 86_400_000)));
  const runsOf = (values: ArrayLike<number>, from: number, skip: (k: number) => boolean): Point[][] => {
    const runs: Point[][] = [];
    let run: Point[] | undefined;
    for (let k = 0; k < values.length; k++) {
      if (skip(k)) continue;
      if (Number.isNaN(values[k]!)) run = undefined;
      else {
        if (!run) {
          run = [];
          runs.push(run);
        }
        run.push([x(from + k), y(values[k]!)]);
      }
    }
    return runs;
  };
  const path = (name: string, d: string): string => (d === '' ? '' : `<path class="${name}" d="${d}"/>`);
  const runs = (run: Run, values: ArrayLike<number>): Point[][] =>
    runsOf(values, run.start, (k) => shut(run.start + k));
  const line = (run: Run, kind: string): string => {
    const means = runs(run, run.mean);
    const lone = means.every((points) => points.length === 1) ? ' dot' : '';
    return path(`${kind} line${lone}`, linePath(means));
  };
  const bands = (run: Run, kind: string): string => {
    const drawn = run.bands.map((band, k) => {
      const rank = k === run.bands.length - 1 ? 'inner' : 'outer';
      const upper = runs(run, band.hi);
      const lone = upper.every((points) => points.length === 1) ? ' lone' : '';
      return path(`${kind} band ${rank}${lone}`, bandPath(upper, runs(run, band.lo)));
    });
    return drawn.join('');
  };

  const ticks = valueTicks(lo, hi, Math.min(6, Math.max(3, Math.round(height / 36))));
  const labels = tickLabels(ticks);
  const grid = ticks.map((tick, k) => {
    const at = round(y(tick));
    const zero = tick === 0 ? ' class="zero"' : '';
    return `<line${zero} x1="0" x2="100%" y1="${at}" y2="${at}"/><text x="-8" y="${at}" dy=".32em">${labels[k]}</text>`;
  });
  const [narrow, wide] = chart.ticks;
  const axis = (count: number, name: string): string =>
    timeTicks(freq, start, last, count)
      .map(({ period, label }) => {
        const place = x(period) / WIDTH;
        const side = place > 0.95 ? ' class="end"' : '';
        return `<text${side} x="${percent(period)}" y="${height + 18}">${escapeHtml(label)}</text>`;
      })
      .reduce((all, text) => all + text, `<g class="time ${name}">`)
      .concat('</g>');
  const axes = narrow === wide ? axis(wide, 'any') : axis(narrow, 'narrow') + axis(wide, 'wide');
  const cut = percent(forecast.start - 0.5);
  const now =
    history.length > 0 && forecast.mean.length > 0
      ? `<line class="now" x1="${cut}" x2="${cut}" y1="0" y2="${height}"/>`
      : '';
  const past = runsOf(history, start, (k) => state?.[k] === CellState.closed);
  return (
    `<svg class="chart" width="100%" height="${height + 26}" role="img" aria-labelledby="${id}-t ${id}-d">` +
    `<title id="${id}-t">${escapeHtml(chart.title)}</title><desc id="${id}-d">${escapeHtml(chart.description)}</desc>` +
    `<g class="grid">${grid.join('')}</g>${axes}${now}` +
    `<svg y="-4" width="100%" height="${height + 8}" viewBox="0 -4 ${WIDTH} ${height + 8}" preserveAspectRatio="none">` +
    `${backtest ? bands(backtest, 'backtest') : ''}${bands(forecast, 'forecast')}` +
    `${path('history line', linePath(past))}${backtest ? line(backtest, 'backtest') : ''}` +
    `${line(forecast, 'forecast')}</svg></svg>`
  );
}

/** The key to a fan chart. */
export function legend(levels: readonly number[], backtest: boolean): string {
  const sorted = [...levels].sort((a, b) => a - b);
  const items = [
    ['history', 'observed'],
    ['forecast', 'forecast'],
    ...sorted.map((level, k) => [k === 0 ? 'inner' : 'outer', `${level}% range`]),
    ...(backtest ? [['backtest', 'what it would have said']] : []),
  ];
  return `<ul class="legend">${items.map(([name, text]) => `<li class="key-${name}">${text}</li>`).join('')}</ul>`;
}
