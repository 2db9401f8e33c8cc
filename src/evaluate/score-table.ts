// Turns tallies into score rows: for every model, over all series and over each segment.
import type { Backtest } from './backtest.ts';
import type { ScoreRow } from './scores.ts';
import { TALLY_WIDTH, Tally } from './tally.ts';

/** A model with its sums of errors, TALLY_WIDTH numbers a series. */
export interface Contender {
  readonly model: string;
  readonly tallies: Float64Array;
}

/** The rule that everything is compared with. */
export const BASELINE = 'seasonal-naive';

/** Sums the tallies of candidate j of a backtest over windows, one tally a series. */
export function talliesOf(backtest: Backtest, j: number, windows: readonly number[]): Float64Array {
  const { windows: W, models, scale, tallies } = backtest;
  const out = new Float64Array(scale.length * TALLY_WIDTH);
  for (let i = 0; i < scale.length; i++) {
    for (const w of windows) {
      const from = ((i * W + w) * models.length + j) * TALLY_WIDTH;
      for (let k = 0; k < TALLY_WIDTH; k++) out[i * TALLY_WIDTH + k]! += tallies[from + k]!;
    }
  }
  return out;
}

function average(values: readonly number[]): number {
  const finite = values.filter(Number.isFinite);
  return finite.reduce((a, b) => a + b, 0) / finite.length;
}

interface Scales {
  readonly scale: Float64Array;
  readonly rootScale: Float64Array;
}

function scoreRow(
  { model, tallies }: Contender,
  baseline: Contender,
  segment: string,
  series: readonly number[],
  { scale, rootScale }: Scales,
): ScoreRow {
  const at = (source: Float64Array, i: number, place: number): number => source[i * TALLY_WIDTH + place]!;
  const total = (place: number): number => series.reduce((sum, i) => sum + at(tallies, i, place), 0);
  const scored = series.filter((i) => at(tallies, i, Tally.cells) > 0);
  const meanAbsolute = (source: Float64Array, i: number): number =>
    at(source, i, Tally.absolute) / at(source, i, Tally.cells);
  const maseOf = (source: Float64Array): number =>
    average(scored.map((i) => (scale[i]! > 0 ? meanAbsolute(source, i) / scale[i]! : Number.NaN)));

  const cells = total(Tally.cells);
  const actual = total(Tally.actual);
  const inIntervals = total(Tally.intervalCells);
  const wins = scored.map((i) => {
    const own = meanAbsolute(tallies, i);
    const other = meanAbsolute(baseline.tallies, i);
    return own < other ? 1 : own === other ? 0.5 : 0;
  });
  const mase = maseOf(tallies);
  const perCell = actual / cells;
  return {
    model,
    segment,
    series: scored.length,
    cells,
    mae: total(Tally.absolute) / cells,
    mse: total(Tally.squared) / cells,
    rmse: Math.sqrt(total(Tally.squared) / cells),
    wape: total(Tally.absolute) / actual,
    mape: (100 * total(Tally.percent)) / total(Tally.percentCells),
    smape: total(Tally.symmetric) / cells,
    mase,
    rmsse: average(
      scored.map((i) =>
        rootScale[i]! > 0
          ? Math.sqrt(at(tallies, i, Tally.squared) / at(tallies, i, Tally.cells)) / rootScale[i]!
          : Number.NaN,
      ),
    ),
    bias: total(Tally.signed) / actual,
    pinball: total(Tally.pinball) / inIntervals,
    crps: (2 * total(Tally.pinball)) / inIntervals / perCell,
    coverage: { 80: total(Tally.inside80) / inIntervals, 95: total(Tally.inside95) / inIntervals },
    width: {
      80: total(Tally.width80) / inIntervals / perCell,
      95: total(Tally.width95) / inIntervals / perCell,
    },
    skill: 1 - mase / maseOf(baseline.tallies),
    win_rate: average(wins),
  };
}

/**
 * Scores all contenders over all series ("all") and over each segment, best MASE first within a segment.
 * A model that was not tried on a segment, or only on a part of it, has no row there: rows of one segment
 * are scores of the same cells.
 */
export function scoreTable(
  contenders: readonly Contender[],
  segments: readonly string[],
  scales: Scales,
): ScoreRow[] {
  const baseline = contenders.find(({ model }) => model === BASELINE);
  if (!baseline) throw new RangeError(`the contenders lack ${BASELINE}`);
  const names = [...new Set(segments)].sort();
  const groups = [
    { segment: 'all', series: segments.map((_, i) => i) },
    ...(names.length > 1
      ? names.map((segment) => ({ segment, series: segments.flatMap((s, i) => (s === segment ? [i] : [])) }))
      : []),
  ];
  return groups.flatMap(({ segment, series }) => {
    const wanted = scoreRow(baseline, baseline, segment, series, scales);
    return contenders
      .map((contender) => scoreRow(contender, baseline, segment, series, scales))
      .filter((row) => row.cells === wanted.cells && row.cells > 0)
      .sort((a, b) => a.mase - b.mase);
  });
}
