// The correctness gates: known figures on public data, recomputed by the project's own models and metrics.
import type { Distribution } from '../../src/core/distribution.ts';
import { frequency } from '../../src/core/frequency.ts';
import { CellState } from '../../src/core/panel.ts';
import { average, insampleScale, mase, smape } from '../../src/evaluate/metrics.ts';
import { mean } from '../../src/math/statistics.ts';
import { createModel } from '../../src/models/registry.ts';
import type { Result } from '../harness.ts';
import { type CompetitionSeries, naive2, readM3 } from '../m-competitions.ts';
import { m3Published, m4Weekly, orangeJuice, walmart } from '../shop-data.ts';
import { scoreWalmart } from '../walmart.ts';

/** A figure that must come out: `got` within `tolerance` of `wanted`. */
export type Gate = {
  readonly gate: string;
  readonly wanted: number;
  readonly got: number;
  readonly tolerance: number;
  readonly pass: boolean;
};

const gate = (name: string, wanted: number, got: number, tolerance: number): Gate => ({
  gate: name,
  wanted,
  got,
  tolerance,
  pass: Math.abs(got - wanted) <= tolerance,
});

/** Half a unit of the last published digit. */
const digits = (count: number): number => 0.5 * 10 ** -count;

/** A forecast of plain values by a registered model: no calendar, no covariates. */
function forecast(model: string, y: Float64Array, h: number, season_length = 1): Distribution {
  const { fit, forecast: ahead } = createModel(model);
  const state = Uint8Array.from(y, (value) => (Number.isNaN(value) ? CellState.missing : CellState.observed));
  const context = { freq: frequency('1'), season_length, seed: 1, knownFuture: [] };
  return ahead(fit({ y, state, start: 0, known: [] }, context), h, { start: y.length, known: [] });
}

/** Each missing value replaced by the last observed one before it. */
function carriedForward(y: Float64Array): Float64Array {
  const out = Float64Array.from(y);
  for (let t = 1; t < out.length; t++) if (Number.isNaN(out[t]!)) out[t] = out[t - 1]!;
  return out;
}

/**
 * Walmart: the last value carried forward. For the quantiles absent weeks are filled with the value before them
 * when the spread of the weekly steps is taken; the scale of the errors knows only observed weeks.
 */
export function walmartGates(): Gate[] {
  const score = scoreWalmart(walmart(), 1, ({ y }, _, h) => forecast('naive', carriedForward(y), h));
  return [
    gate('Walmart, series kept', 2936, score.series, 0),
    gate('Walmart naive, MASE', 1.5241, score.mase, digits(4)),
    gate('Walmart naive, WAPE', 0.1967, score.wape, digits(4)),
    gate('Walmart naive, SQL', 2.0341, score.sql, digits(4)),
    gate('Walmart naive, WQL', 0.3075, score.wql, digits(4)),
  ];
}

/** Orange juice: 12 rounds, two weeks each after a gap of one; the last units sold, and the mean of the logs. */
export function orangeJuiceGates(): Gate[] {
  let rows = 0;
  let last = 0;
  let logs = 0;
  const all = orangeJuice();
  for (let round = 0; round < 12; round++) {
    const end = 135 + 2 * round;
    for (const { week, units, logmove } of all) {
      const past = week.filter((at) => at <= end).length;
      const grid = new Float64Array(end - week[0]! + 1).fill(Number.NaN);
      for (let i = 0; i < past; i++) grid[week[i]! - week[0]!] = units[i]!;
      const { mean: carried } = forecast('naive', grid, 3);
      const typical = Math.exp(mean(logmove.subarray(0, past)));
      for (let i = past; i < week.length && week[i]! <= end + 3; i++) {
        if (week[i]! < end + 2) continue;
        rows++;
        last += Math.abs(units[i]! - carried[week[i]! - end - 1]!) / units[i]!;
        logs += Math.abs(units[i]! - typical) / units[i]!;
      }
    }
  }
  return [
    gate('Orange juice, rows scored', 21_054, rows, 0),
    gate('Orange juice last value, MAPE', 109.67, (100 * last) / rows, digits(2)),
    gate('Orange juice mean of logs, MAPE', 70.65, (100 * logs) / rows, digits(2)),
  ];
}

/** M4 weekly: the organisers' figures of their Naive2 (without a season it is the naive). */
export function m4WeeklyGates(): Gate[] {
  const all = m4Weekly();
  const forecasts = all.map(({ train, test }) => naive2(train, 1, test.length));
  const errors = all.map(({ test }, i) => smape(test, forecasts[i]!));
  const scaled = all.map(({ train, test }, i) => mase(test, forecasts[i]!, insampleScale(train)));
  return [
    gate('M4 weekly Naive2, sMAPE', 9.161, average(errors).mean, digits(3)),
    gate('M4 weekly Naive2, MASE', 2.777, average(scaled).mean, digits(3)),
  ];
}

/** Mean sMAPE over all M3 series, and that of a competitor's own forecasts. */
function m3Scores(): {
  all: readonly CompetitionSeries[];
  score: (forecastOf: (i: number) => ArrayLike<number>) => number;
  published: (method: string) => number;
} {
  const all = readM3();
  const score = (forecastOf: (i: number) => ArrayLike<number>): number =>
    average(all.map(({ test }, i) => smape(test, forecastOf(i)))).mean;
  const published = (method: string): number => {
    const forecasts = m3Published(method);
    return score((i) => forecasts.get(all[i]!.id)!);
  };
  return { all, score, published };
}

/** M3: our Naive2 beside the one that was handed in, scored by the same code. */
export function m3Naive2Gates(): Gate[] {
  const { all, score, published } = m3Scores();
  const theirs = published('NAIVE2');
  const ours = score((i) => naive2(all[i]!.train, all[i]!.m, all[i]!.h));
  return [
    gate('M3, series', 3003, all.length, 0),
    gate('M3 published Naive2, sMAPE', 14.7425, theirs, digits(4)),
    gate('M3 our Naive2 near the published, sMAPE', theirs, ours, 0.1),
  ];
}

/** M3: our Theta beside the one that was handed in (Assimakopoulos and Nikolopoulos). */
export function m3ThetaGates(): Gate[] {
  const { all, score, published } = m3Scores();
  const ours = score((i) => forecast('theta', all[i]!.train, all[i]!.h, all[i]!.m).mean);
  return [gate('M3 our Theta near the published, sMAPE', published('THETA'), ours, 0.1)];
}

/** All gates; the program fails if one of them does. */
export async function run(): Promise<Result> {
  const rows = [
    ...walmartGates(),
    ...orangeJuiceGates(),
    ...m4WeeklyGates(),
    ...m3Naive2Gates(),
    ...m3ThetaGates(),
  ];
  const missed = rows.filter(({ pass }) => !pass).length;
  return {
    claim: 'Known figures on public data come out of this code.',
    rows,
    notes: [missed === 0 ? `All ${rows.length} gates pass.` : `${missed} of ${rows.length} gates FAIL.`],
    failed: missed > 0,
  };
}
