// Cell states: closed days and stock-outs, which are not zero demand.
import { DataError, didYouMean, UsageError } from '../core/errors.ts';
import type { Frequency } from '../core/frequency.ts';
import type { Observations } from '../core/observations.ts';
import { CellState, type Panel } from '../core/panel.ts';
import { closingFlags, shutCells } from '../features/closing-flags.ts';
import type { Cells } from './cells.ts';
import { type Closures, isShut } from './closures.ts';
import { cellColumn, findColumn, layColumn, sharedValues } from './covariates.ts';
import { counted, type Ledger, named } from './ledger.ts';
import type { Lives } from './lives.ts';

interface Ground {
  readonly observations: Observations;
  readonly cells: Cells;
  readonly lives: Lives;
  readonly panel: Panel;
}

/** The row column an option names, or a UsageError with what there is. */
function required({ observations }: Ground, option: string, name: string) {
  const column = findColumn(observations, name);
  if (column) return column;
  const choices = [...observations.pastOnly, ...observations.knownFuture].map((c) => c.name);
  const cure =
    choices.length > 0 ? didYouMean(name, choices) : ' Declare it as a past-only or known-future column.';
  throw new UsageError(`${option} "${name}" is not among the columns with one value a row.${cure}`);
}

/** Calls `visit` with the index of each cell of the panel and its period; returns how many series it hit. */
function mark(
  panel: Panel,
  visit: (cell: number, period: number) => boolean,
): { cells: number; series: number } {
  let cells = 0;
  let series = 0;
  for (let i = 0; i < panel.ids.length; i++) {
    const from = panel.offsets[i]!;
    const before = cells;
    for (let k = from; k < panel.offsets[i + 1]!; k++) {
      if (visit(k, panel.start[i]! + k - from)) cells++;
    }
    if (cells > before) series++;
  }
  return { cells, series };
}

function setState(panel: Panel, cell: number, state: CellState): true {
  panel.y[cell] = Number.NaN;
  panel.state[cell] = state;
  return true;
}

/** Marks cells without a value as closed on weekdays and dates on which the whole shop was shut. */
export function markClosures(panel: Panel, closures: Closures, freq: Frequency, ledger: Ledger): void {
  const hit = mark(
    panel,
    (k, period) =>
      panel.state[k] === CellState.missing &&
      isShut(closures, freq, period) &&
      setState(panel, k, CellState.closed),
  );
  ledger.enter('closed days: no sale was possible, none is expected', hit.cells, hit.series);
}

/** Marks cells without a sale as closed where a known-future column says so, having never been wrong. */
export function markClosingFlags(panel: Panel, ledger: Ledger): void {
  for (const flag of closingFlags(panel)) {
    const { column, value } = flag;
    const shut = new Set(shutCells(panel, [flag]));
    const hit = mark(panel, (k) => shut.has(k) && setState(panel, k, CellState.closed));
    const levels = panel.knownFuture.find(({ name }) => name === column)!.levels;
    ledger.enter(
      `closed where "${column}" is ${levels ? `"${levels[value]}"` : value}: nothing ever sold there, none is expected`,
      hit.cells,
      hit.series,
    );
  }
}

const SHUT_WORD = /^(closed?|shut|0|no|false|n)$/i;
const OPEN_WORD = /^(open(ed)?|trading|1|yes|true|y)$/i;

/** Whether a value of a column says "closed". A column is read by its name: `closed` = 1 or `open` = 0 is shut. */
function shutTest(name: string, levels: readonly string[] | undefined): (value: number) => boolean {
  const inverted = /clos|shut|holiday/i.test(name);
  if (!levels) return inverted ? (v) => v > 0 : (v) => v === 0;
  const shut = levels.map((text) => {
    const word = text.trim();
    const yes = /^(1|yes|true|y)$/i.test(word);
    const no = /^(0|no|false|n)$/i.test(word);
    if (yes || no) return yes === inverted;
    if (SHUT_WORD.test(word)) return true;
    if (OPEN_WORD.test(word)) return false;
    throw new DataError(
      `column "${name}" has the value "${text}", which says neither open nor closed; use 1 and 0, or open and closed.`,
    );
  });
  return (v) => shut[v] === true;
}

/** Marks cells as closed where a column says so; cells that sold something all the same stay observed. */
export function markClosedColumn(ground: Ground, name: string, ledger: Ledger): void {
  const { cells, lives, panel } = ground;
  const column = required(ground, 'closed', name);
  const values = cellColumn(column, cells);
  const laid = new Float64Array(panel.y.length);
  layColumn(
    values,
    { cells, lives, reach: 0, out: laid },
    column.levels ? 'category' : 'number',
    'none',
    sharedValues(values, cells),
  );
  const shut = shutTest(name, column.levels);
  let sold = 0;
  const hit = mark(panel, (k) => {
    if (!shut(laid[k]!)) return false;
    const idle = Number.isNaN(panel.y[k]!) || panel.y[k] === 0;
    if (!idle) sold++;
    return idle && setState(panel, k, CellState.closed);
  });
  ledger.enter(`closed by column "${name}": no sale was possible, none is expected`, hit.cells, hit.series);
  if (sold > 0) {
    ledger.note(`${counted(sold, 'cell')} sold something though "${name}" says closed; kept as observed.`);
  }
}

/**
 * Marks cells without a sale as stock-outs where the stock column is 0 or less. The stock of a period without a row is
 * as it was before. Cells that sold something on their way to 0 stay observed.
 */
export function markStockOuts(ground: Ground, name: string, ledger: Ledger): void {
  const { cells, lives, panel } = ground;
  const column = required(ground, 'stock', name);
  if (column.levels) {
    throw new DataError(
      `stock column "${name}" holds words such as ${named(column.levels)}; it needs a number on hand, or 1 and 0 for available or not.`,
    );
  }
  const laid = new Float64Array(panel.y.length);
  layColumn(cellColumn(column, cells), { cells, lives, reach: 0, out: laid }, 'number', 'carry', undefined);
  let sold = 0;
  const hit = mark(panel, (k) => {
    if (!(laid[k]! <= 0) || panel.state[k] === CellState.closed) return false;
    const idle = Number.isNaN(panel.y[k]!) || panel.y[k] === 0;
    if (!idle) sold++;
    return idle && setState(panel, k, CellState.stockOut);
  });
  ledger.enter(`stock-outs by column "${name}": not a sign of no demand`, hit.cells, hit.series);
  if (sold > 0) {
    ledger.note(
      `${counted(sold, 'cell')} sold out within the period: kept as observed, though demand may have been higher.`,
    );
  }
}
