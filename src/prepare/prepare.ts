// From rows to a panel: frequency, grid, covariates, closed days, stock-outs, outliers, gaps, in this order.
import { DataError, didYouMean, refuseUnknownOptions, UsageError } from '../core/errors.ts';
import { type Frequency, label, periodName } from '../core/frequency.ts';
import type { Observations } from '../core/observations.ts';
import { allocatePanel, CellState, type Panel } from '../core/panel.ts';
import { type Cells, cellsOf, DUPLICATE_RULES, type DuplicateRule } from './cells.ts';
import { findClosures } from './closures.ts';
import { cellColumn, kindOf, layColumn, reachOf, reportColumn, sharedValues } from './covariates.ts';
import { fillGaps, GAP_POLICIES, type GapPolicy } from './gaps.ts';
import { counted, type Ledger, named, openLedger } from './ledger.ts';
import { type Lives, livesOf } from './lives.ts';
import { OUTLIER_RULES, type OutlierRule, usualBounds } from './outliers.ts';
import { dropPartialPeriods, isCoarser } from './partial.ts';
import type { Prepared } from './preparation.ts';
import { chosenFrequency, detectFrequency, type Spacing } from './spacing.ts';
import { markClosedColumn, markClosingFlags, markClosures, markStockOuts } from './states.ts';

export interface PrepareOptions {
  /** Frequency alias (`D`, `W-FRI`, `MS`, `1`); detected where absent. A coarser one than the data's sums the target. */
  readonly freq?: string;
  /** Periods in one season, for `seasonal` and `model` gaps and for outliers; defaults to the frequency's own. */
  readonly season_length?: number;
  /** Several values of one series in one period; order lines and finer rows are summed, others refused by default. */
  readonly duplicates?: DuplicateRule;
  /** What stands in periods without a value; defaults to `zero` for order lines, else `missing`. */
  readonly gaps?: GapPolicy;
  /** Defaults to `none`; `clip` brings outliers to the bound of the usual, `missing` makes them gaps. */
  readonly outliers?: OutlierRule;
  /**
   * `auto` reads closed weekdays and dates from the absence of rows, and closures from known-future columns at some value of
   * which nothing was ever sold; `none` does not; else a column's name.
   */
  readonly closed?: string;
  /** The column that holds stock on hand, or 1 and 0 for available or not. */
  readonly stock?: string;
  /** Whether zeros before the first sale are history; defaults to `trim`, they are not. */
  readonly leadingZeros?: 'trim' | 'keep';
  /** `panel` ends every series at the panel's last period, `own` at its own; `panel` where gaps are zeros, else `own`. */
  readonly ends?: 'panel' | 'own';
  /** First and last week, month, … that finer rows cover only in part; defaults to `drop`. */
  readonly partial?: 'drop' | 'keep';
  /** Observed values that a series needs to be kept; defaults to 1. */
  readonly minimum?: number;
}

const OPTIONS: readonly (keyof PrepareOptions)[] = [
  'freq',
  'season_length',
  'duplicates',
  'gaps',
  'outliers',
  'closed',
  'stock',
  'leadingZeros',
  'ends',
  'partial',
  'minimum',
];

function checkOptions(options: PrepareOptions): void {
  refuseUnknownOptions('prepare', options, OPTIONS);
  const choices: Partial<Record<keyof PrepareOptions, readonly string[]>> = {
    duplicates: DUPLICATE_RULES,
    gaps: GAP_POLICIES,
    outliers: OUTLIER_RULES,
    leadingZeros: ['trim', 'keep'],
    ends: ['panel', 'own'],
    partial: ['drop', 'keep'],
  };
  for (const [name, allowed] of Object.entries(choices)) {
    const given = options[name as keyof PrepareOptions];
    if (given !== undefined && !allowed.includes(String(given))) {
      throw new UsageError(`${name} "${given}" is not known.${didYouMean(String(given), allowed)}`);
    }
  }
  const wholes: Partial<Record<keyof PrepareOptions, number>> = { minimum: 0, season_length: 1 };
  for (const [name, least] of Object.entries(wholes)) {
    const given = options[name as keyof PrepareOptions];
    if (given !== undefined && !(Number.isInteger(given) && Number(given) >= least)) {
      throw new UsageError(`${name} is ${given}; give a whole number, ${least} or more.`);
    }
  }
}

/** The spacing of the rows themselves; undefined where none shows and a frequency was given anyway. */
function nativeSpacing(observations: Observations, required: boolean): Spacing | undefined {
  try {
    return detectFrequency(observations);
  } catch (error) {
    if (required || !(error instanceof DataError)) throw error;
    return undefined;
  }
}

/** Allocates the panel and writes the target and every covariate onto the grid. */
function layOut(
  observations: Observations,
  { cells, lives, freq }: { cells: Cells; lives: Lives; freq: Frequency },
  closedWeekdays: readonly number[],
  ledger: Ledger,
): Panel {
  const { ids, knownFuture, pastOnly, statics, names } = observations;
  const known = knownFuture.map((column) => cellColumn(column, cells));
  const shared = known.map((values) => sharedValues(values, cells));
  const reach = reachOf(lives, cells, known, shared);
  const kept = Array.from(lives.source);
  const panel = allocatePanel(
    {
      freq,
      ids: kept.map((s) => ids[s]!),
      target: names.target,
      reach,
      closedWeekdays,
      statics: statics.map((column) => ({
        ...column,
        values: Float64Array.from(kept, (s) => column.values[s]!),
      })),
    },
    lives.length,
    { knownFuture: knownFuture.map(outline), pastOnly: pastOnly.map(outline) },
  );
  panel.start.set(lives.start);
  for (let i = 0; i < lives.count; i++) {
    const base = panel.offsets[i]! - lives.start[i]!;
    const last = lives.start[i]! + lives.length[i]! - 1;
    for (let c = lives.firstCell[i]!; c < lives.lastCell[i]! && cells.period[c]! <= last; c++) {
      const value = cells.y[c]!;
      if (cells.period[c]! < lives.start[i]! || Number.isNaN(value)) continue;
      panel.y[base + cells.period[c]!] = value;
      panel.state[base + cells.period[c]!] = CellState.observed;
    }
  }
  for (const [k, column] of knownFuture.entries()) {
    const kind = kindOf(column);
    const out = panel.knownFuture[k]!.values;
    const { filled } = layColumn(known[k]!, { cells, lives, reach, out }, kind, 'rule', shared[k]);
    let unknown = 0;
    for (let i = 0; i < lives.count; i++) {
      const from = panel.offsets[i]! + i * reach;
      for (let t = 0; t < lives.length[i]!; t++) if (Number.isNaN(out[from + t]!)) unknown++;
    }
    reportColumn({ column, kind, filled, shared: shared[k] !== undefined }, unknown, ledger);
  }
  for (const [k, column] of pastOnly.entries()) {
    const out = panel.pastOnly[k]!.values;
    layColumn(cellColumn(column, cells), { cells, lives, reach: 0, out }, kindOf(column), 'none', undefined);
  }
  return panel;
}

const outline = ({ name, levels }: { name: string; levels?: readonly string[] }) =>
  levels ? { name, levels } : { name };

/** Clips outliers or makes them gaps, in place, and lists the largest. */
function treatOutliers(panel: Panel, rule: 'clip' | 'missing', m: number, ledger: Ledger): void {
  let cells = 0;
  let series = 0;
  const largest: { excess: number; text: string }[] = [];
  for (let i = 0; i < panel.ids.length; i++) {
    const from = panel.offsets[i]!;
    const y = panel.y.subarray(from, panel.offsets[i + 1]!);
    const bounds = usualBounds(y, m);
    if (!bounds) continue;
    const before = cells;
    for (let t = 0; t < y.length; t++) {
      const value = y[t]!;
      const bound = Math.min(Math.max(value, bounds.low[t]!), bounds.high[t]!);
      if (Number.isNaN(value) || bound === value) continue;
      y[t] = rule === 'clip' ? bound : Number.NaN;
      if (rule === 'missing') panel.state[from + t] = CellState.missing;
      cells++;
      const excess = Math.abs(value - bound);
      if (largest.length === 3 && excess <= largest[2]!.excess) continue;
      const to = rule === 'clip' ? ` → ${short(bound)}` : '';
      const at = label(panel.freq, panel.start[i]! + t);
      largest.push({ excess, text: `"${panel.ids[i]}" on ${at}: ${short(value)}${to}` });
      largest.sort((a, b) => b.excess - a.excess);
      if (largest.length > 3) largest.pop();
    }
    if (cells > before) series++;
  }
  const what = rule === 'clip' ? 'outliers clipped to the bound of the usual' : 'outliers taken as missing';
  ledger.enter(what, cells, series);
  if (cells > 0) ledger.note(`largest outliers: ${largest.map((o) => o.text).join('; ')}.`);
}

const short = (value: number): string => String(Number(value.toPrecision(6)));

/** Fills missing cells by the policy, in place; cells after the last observed one are filled with zeros alone. */
function treatGaps(panel: Panel, policy: GapPolicy, m: number, ledger: Ledger): void {
  if (policy === 'missing') return;
  let cells = 0;
  let series = 0;
  let seasonless = 0;
  for (let i = 0; i < panel.ids.length; i++) {
    const from = panel.offsets[i]!;
    let to = panel.offsets[i + 1]!;
    if (policy !== 'zero') while (to > from && Number.isNaN(panel.y[to - 1]!)) to--;
    let gaps = 0;
    for (let k = from; k < to; k++) if (panel.state[k] === CellState.missing) gaps++;
    if (gaps === 0) continue;
    const filled = panel.y.slice(from, to);
    fillGaps(filled, policy, m);
    // Closed days and stock-outs stay as they are, whatever the policy made of them.
    for (let k = from; k < to; k++) {
      if (panel.state[k] !== CellState.missing || Number.isNaN(filled[k - from]!)) continue;
      panel.y[k] = filled[k - from]!;
      panel.state[k] = CellState.observed;
      cells++;
    }
    series++;
    if ((policy === 'seasonal' || policy === 'model') && m > 1 && to - from < 2 * m) seasonless++;
  }
  const what: Record<Exclude<GapPolicy, 'missing'>, string> = {
    zero: `${periodName(panel.freq)}s without a row set to 0: nothing was sold`,
    mean: 'gaps filled with the mean of the series',
    median: 'gaps filled with the median of the series',
    forward: 'gaps filled with the last value before them',
    linear: 'gaps filled along a straight line',
    seasonal: 'gaps filled along a straight line within the place in the season',
    model: 'gaps filled by season and local level',
  };
  ledger.enter(what[policy], cells, series);
  if (seasonless > 0) {
    ledger.note(
      `${counted(seasonless, 'series', 'series')} shorter than two seasons of ${m}: their gaps were filled without a season.`,
    );
  }
}

/** Says which rows have an empty target and serve nothing: before a series begins, or after it without known columns. */
function noteEmptyRows(observations: Observations, cells: Cells, lives: Lives, ledger: Ledger): void {
  let idle = 0;
  for (let i = 0; i < lives.count; i++) {
    const last = lives.start[i]! + lives.length[i]! - 1;
    for (let c = lives.firstCell[i]!; c < lives.lastCell[i]!; c++) {
      const after = cells.period[c]! > last && observations.knownFuture.length === 0;
      if (!after && cells.period[c]! >= lives.start[i]!) continue;
      for (let r = cells.firstRow[c]!; r < cells.firstRow[c + 1]!; r++) {
        if (Number.isNaN(observations.y[r]!)) idle++;
      }
    }
  }
  if (idle === 0) return;
  ledger.note(
    `${counted(idle, 'row')} with an empty ${observations.names.target} before the first or after the last value of a series left out.`,
  );
}

/** Says which series end before the panel does. */
function noteEnds(panel: Panel, lives: Lives, ends: 'panel' | 'own', ledger: Ledger): void {
  if (ends === 'panel') return;
  const early: string[] = [];
  for (let i = 0; i < lives.count; i++) {
    if (lives.start[i]! + lives.length[i]! - 1 < lives.last) early.push(panel.ids[i]!);
  }
  if (early.length === 0) return;
  ledger.note(
    `${counted(early.length, 'series ends', 'series end')} before ${label(panel.freq, lives.last)}, to be forecast from ${early.length === 1 ? 'its' : 'their'} own end: ${named(early)}.`,
  );
}

/**
 * Puts observations on a regular time axis. Every change is counted, every assumption noted.
 * Throws a DataError that names file and row for duplicates, mixed spacing, infinite values and dates that would make
 * the grid burst, and a UsageError for options that are unknown or do not fit the data.
 */
export function prepare(observations: Observations, options: PrepareOptions = {}): Prepared {
  checkOptions(options);
  const { transactions } = observations;
  const {
    duplicates,
    gaps = transactions ? 'zero' : 'missing',
    outliers = 'none',
    closed = 'auto',
  } = options;
  const { stock, leadingZeros = 'trim', partial = 'drop', minimum = 1 } = options;
  const { ends = gaps === 'zero' ? 'panel' : 'own' } = options;
  const ledger = openLedger(observations.notes);

  const native = nativeSpacing(observations, options.freq === undefined);
  const freq = options.freq === undefined ? native!.freq : chosenFrequency(options.freq, observations);
  if (options.freq === undefined) for (const note of native!.notes) ledger.note(note);
  else if (native && isCoarser(native.freq, freq)) {
    ledger.note(`the rows are spaced by ${native.freq.alias}; at ${freq.alias} most periods have none.`);
  }
  const { season_length = freq.seasons[0]! } = options;

  const cells = cellsOf(observations, freq, duplicates, ledger);
  if (partial === 'drop' && native) dropPartialPeriods(observations, cells, freq, native.freq, ledger);
  const lives = livesOf(observations, cells, freq, { leadingZeros, ends, minimum }, ledger);

  noteEmptyRows(observations, cells, lives, ledger);

  const closures = closed === 'auto' ? findClosures(cells, freq, lives.first, lives.last) : undefined;
  const panel = layOut(observations, { cells, lives, freq }, closures?.weekdays ?? [], ledger);
  if (closures) markClosures(panel, closures, freq, ledger);
  else if (closed !== 'auto' && closed !== 'none')
    markClosedColumn({ observations, cells, lives, panel }, closed, ledger);
  if (closed === 'auto') markClosingFlags(panel, ledger);
  if (stock !== undefined) markStockOuts({ observations, cells, lives, panel }, stock, ledger);
  if (outliers !== 'none') treatOutliers(panel, outliers, season_length, ledger);
  treatGaps(panel, gaps, season_length, ledger);
  noteEnds(panel, lives, ends, ledger);
  return { panel, changes: ledger.changes, notes: ledger.notes };
}
