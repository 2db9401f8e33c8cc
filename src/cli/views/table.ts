// Tables as aligned plain text: numbers to the right, names to the left and cut where the terminal ends.
import { formatFixed, formatNumber, formatPercent } from '../../core/number-text.ts';

export interface TextColumn {
  readonly header: string;
  /** Defaults to right where all cells are numbers, else left; the first column is always left unless told. */
  readonly align?: 'left' | 'right';
  /** What numbers in the cells are: amounts (the default), shares to be shown as percent, or counts. */
  readonly unit?: 'amount' | 'share' | 'count';
}

export interface TextTableOptions {
  /** Draws with ASCII characters only; defaults to false. */
  readonly ascii?: boolean;
}

type Cell = string | number | undefined;

const GAP = 2;
/** No column is cut below this many characters. */
const LEAST_WIDTH = 8;

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;
const NO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u;
const NUMBER = /^[+\-−×]?\d[\d,]*(\.\d+)?(e[+\-−]?\d+)?\s?(%|[kMBT]|[kMGT]?B|m?s)?$/;

/** Columns that a character takes on a terminal. */
const widthOf = (character: string): number => (NO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1);

/** Columns that a text takes on a terminal: wide East Asian characters and emoji two, combining marks none. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

/**
 * Makes text from data safe to print on one line: control characters, which could move the cursor or colour
 * the rest of the screen, and marks that turn the direction of writing become `·`.
 */
export function plainText(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '·');
}

/** Cuts text to `most` columns, the last one an ellipsis where anything was cut. */
export function truncate(text: string, most: number, ellipsis = '…'): string {
  if (displayWidth(text) <= most) return text;
  let out = '';
  let width = displayWidth(ellipsis);
  for (const character of text) {
    width += widthOf(character);
    if (width > most) break;
    out += character;
  }
  return out + ellipsis;
}

/** The few characters beyond ASCII that our numbers use, said in ASCII. */
export const toAscii = (text: string): string =>
  text.replace(/[−–]/g, '-').replace(/×/g, 'x').replace(/…/g, '~').replace(/∞/g, 'inf');

/** The decimals that show three digits of a column's middle value, at most four of them. */
function decimalsOf(values: readonly number[]): number {
  const sizes = values
    .filter((value) => Number.isFinite(value) && value !== 0)
    .map(Math.abs)
    .sort((a, b) => a - b);
  const middle = sizes[Math.floor(sizes.length / 2)];
  if (middle === undefined || values.every((value) => !Number.isFinite(value) || Number.isInteger(value)))
    return 0;
  return Math.min(4, Math.max(0, 2 - Math.floor(Math.log10(middle))));
}

/** The cells of one column as text; its numbers get the same decimals, so that their points stand in line. */
function columnText(cells: readonly Cell[], unit: TextColumn['unit'] = 'amount'): string[] {
  const numbers = cells.filter((cell) => typeof cell === 'number');
  const compact = unit === 'amount' && numbers.some((value) => Math.abs(value) >= 1e9);
  const decimals = unit === 'count' ? 0 : decimalsOf(numbers);
  return cells.map((cell) => {
    if (cell === undefined) return '';
    if (typeof cell === 'string') return plainText(cell);
    if (unit === 'share') return formatPercent(cell, 1);
    return compact || !Number.isFinite(cell) ? formatNumber(cell) : formatFixed(cell, decimals);
  });
}

/** Narrows the widest columns until the table fits, numbers last. */
function fit(widths: number[], right: readonly boolean[], width: number): void {
  const total = (): number => widths.reduce((sum, w) => sum + w, GAP * (widths.length - 1));
  for (const numbers of [false, true]) {
    while (total() > width) {
      let widest = -1;
      for (let c = 0; c < widths.length; c++) {
        if (right[c] !== numbers || widths[c]! <= LEAST_WIDTH) continue;
        if (widest < 0 || widths[c]! > widths[widest]!) widest = c;
      }
      if (widest < 0) break;
      widths[widest]!--;
    }
  }
}

/**
 * Renders a table with a header and a rule below it; the text ends with a line break.
 * Cells that are numbers get the same decimals within a column; cells that are text are printed as they are,
 * without control characters. Lines are at most `width` columns wide unless the columns cannot be cut so far.
 */
export function textTable(
  headers: readonly (string | TextColumn)[],
  rows: readonly (readonly Cell[])[],
  width = 96,
  { ascii = false }: TextTableOptions = {},
): string {
  const columns: readonly TextColumn[] = headers.map((head) =>
    typeof head === 'string' ? { header: head } : head,
  );
  const safe = ascii ? toAscii : (text: string): string => text;
  const cells = columns.map(({ unit }, c) =>
    columnText(
      rows.map((row) => row[c]),
      unit,
    ).map(safe),
  );
  const right = columns.map(({ align }, c) => {
    if (align !== undefined) return align === 'right';
    const filled = cells[c]!.filter((text) => text !== '' && text !== '–' && text !== '-');
    return c > 0 && filled.length > 0 && filled.every((text) => NUMBER.test(text));
  });
  const heads = columns.map(({ header }) => safe(plainText(header)));
  const widths = heads.map((head, c) => Math.max(displayWidth(head), ...cells[c]!.map(displayWidth)));
  fit(widths, right, width);
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, c) => {
        const cut = truncate(text, widths[c]!, ascii ? '~' : '…');
        const space = ' '.repeat(Math.max(0, widths[c]! - displayWidth(cut)));
        return right[c] ? space + cut : cut + space;
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  const rule = widths.map((w) => (ascii ? '-' : '─').repeat(w)).join(' '.repeat(GAP));
  const body = rows.map((_, r) => line(cells.map((column) => column[r]!)));
  return `${[line(heads), rule, ...body].join('\n')}\n`;
}
