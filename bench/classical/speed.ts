// CPU time a series beside R, interleaved in one run; statsforecast's measured times are carried over through R's.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { random } from '../../src/core/random.ts';
import { medianOf, type Row } from '../harness.ts';
import { DATA } from '../m-competitions.ts';
import { TWINS, twinsOf } from './peers.ts';
import { runSample, type SampleSeries, sampleOf, scoreSample } from './samples.ts';
import { WARM_UP_NOTE, warmUpRows } from './warm-up.ts';

/** What is timed: our model, R's function, and how many series R gets (it is the slow one). */
interface Pairing {
  readonly sample: string;
  readonly model: string;
  readonly r: string;
  readonly series: number;
}

const PAIRINGS: readonly Pairing[] = [
  { sample: 'm3-yearly', model: 'ets', r: 'ets', series: 60 },
  { sample: 'm3-yearly', model: 'arima', r: 'auto.arima', series: 30 },
  { sample: 'm3-quarterly', model: 'ets', r: 'ets', series: 20 },
  { sample: 'm3-quarterly', model: 'arima', r: 'auto.arima', series: 20 },
  { sample: 'm3-monthly', model: 'ets', r: 'ets', series: 12 },
  { sample: 'm3-monthly', model: 'arima', r: 'auto.arima', series: 8 },
  { sample: 'm3-monthly', model: 'theta', r: 'thetaf', series: 60 },
  { sample: 'm3-monthly', model: 'mstl', r: 'stlm_ets', series: 40 },
  { sample: 'm4-weekly', model: 'ets', r: 'ets', series: 20 },
  { sample: 'm4-weekly', model: 'arima', r: 'auto.arima', series: 15 },
  { sample: 'nn5-daily', model: 'ets', r: 'ets', series: 8 },
  { sample: 'nn5-daily', model: 'mstl', r: 'stlm_ets', series: 30 },
];

/** Our models without an R function of their own are timed on the same series; their peer's time is carried over. */
const CARRIED: readonly { sample: string; model: string }[] = [
  { sample: 'm3-yearly', model: 'ces' },
  { sample: 'm3-monthly', model: 'ces' },
  { sample: 'm3-monthly', model: 'dynamic-optimised-theta' },
  { sample: 'm3-monthly', model: 'auto-theta' },
  { sample: 'm4-weekly', model: 'theta' },
  { sample: 'm4-weekly', model: 'dynamic-optimised-theta' },
  { sample: 'nn5-daily', model: 'ces' },
];

const ROUNDS = 3;
const RUNNER = join(DATA, '../peers/run_r.R');

function hasR(): boolean {
  try {
    execFileSync('Rscript', ['-e', 'library(forecast); library(jsonlite)'], { stdio: 'ignore' });
    return existsSync(RUNNER);
  } catch {
    return false;
  }
}

/** R's CPU milliseconds a series, loading and first call apart, over the given series. */
function timeR(folder: string, series: readonly SampleSeries[], model: string): number {
  const [data, out] = [join(folder, 'data.json'), join(folder, 'out.json')];
  const rows = series.map(({ id, m, h, train }) => ({ id, m, h, x: Array.from(train), xx: [] }));
  writeFileSync(data, JSON.stringify(rows));
  execFileSync('Rscript', [RUNNER, data, model, out], { stdio: 'ignore' });
  const { cpu_s, n } = JSON.parse(readFileSync(out, 'utf8')) as { cpu_s: number; n: number };
  return (1000 * cpu_s) / n;
}

/** Series of 850 hours with a day, a week, a moving level and noise that hangs together, as shops and grids have. */
export function hourlySeries(count: number): SampleSeries[] {
  return Array.from({ length: count }, (_, k) => {
    const draw = random(24, k);
    const [day, week, noise] = [20 + 20 * draw.uniform(), 5 + 10 * draw.uniform(), 3 + 4 * draw.uniform()];
    let [level, rest] = [100 + 50 * draw.uniform(), 0];
    const y = Float64Array.from({ length: 898 }, (_, t) => {
      level += 0.3 * draw.normal();
      rest = 0.6 * rest + noise * draw.normal();
      const wave = Math.sin((2 * Math.PI * t) / 24) + 0.5 * Math.sin((4 * Math.PI * t) / 24 + k);
      return Math.max(0, level + day * wave + week * Math.sin((2 * Math.PI * t) / 168) + rest);
    });
    return { id: `hourly-${k}`, m: 24, h: 48, train: y.slice(0, 850), test: y.slice(850) };
  });
}

/** Rows of CPU time a series: ours, R's in the same minutes, statsforecast's carried over, and the ratio asked for. */
export function speedRows(quick: boolean): { rows: Row[]; notes: string[] } {
  if (!hasR()) return { rows: [], notes: ['Rscript with forecast and jsonlite is not here: no speed rows.'] };
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-speed-'));
  const rows: Row[] = [];
  const drift = new Map<string, number>();
  try {
    for (const { sample, model, r, series: count } of PAIRINGS) {
      if (quick && (sample !== 'm3-yearly' || model !== 'ets')) continue;
      const series = sampleOf(sample).slice(0, count);
      const [ours, theirs]: [number[], number[]] = [[], []];
      for (let round = 0; round < (quick ? 1 : ROUNDS); round++) {
        theirs.push(timeR(folder, series, r));
        ours.push(runSample(sample, series, { model }).ms);
      }
      const [own, peer] = [medianOf(ours), medianOf(theirs)];
      const twins = twinsOf(sample, model);
      const before = twins.find((p) => p.peer === 'R')?.ms;
      const carried = twins.find((p) => p.peer === 'statsforecast')?.ms;
      const factor = before === undefined ? Number.NaN : peer / before;
      if (before !== undefined) drift.set(sample, factor);
      const other = carried === undefined ? Number.NaN : carried * factor;
      const faster = Number.isNaN(other) ? peer : Math.min(peer, other);
      rows.push({
        part: 'speed',
        sample,
        model,
        n: count,
        ms: own,
        r_ms: peer,
        statsforecast_ms: other,
        ratio: own / faster,
      });
    }
    for (const { sample, model } of quick ? [] : CARRIED) {
      const series = sampleOf(sample).slice(0, 60);
      const own = medianOf(Array.from({ length: ROUNDS }, () => runSample(sample, series, { model }).ms));
      const other =
        twinsOf(sample, model).find((p) => p.peer === 'statsforecast')!.ms * (drift.get(sample) ?? 1);
      rows.push({
        part: 'speed',
        sample,
        model,
        n: 60,
        ms: own,
        statsforecast_ms: other,
        ratio: own / other,
      });
    }
    if (!quick) {
      const series = hourlySeries(10);
      const fixed = { order: [0, 1, 1], seasonal_order: [0, 1, 1] };
      for (const spec of [{ model: 'arima' }, { model: 'arima', options: fixed }]) {
        const { forecasts, ms } = runSample('hourly', series, spec);
        const model = spec.options ? 'arima (0,1,1)(0,1,1)' : spec.model;
        const { smape, mase } = scoreSample(series, forecasts);
        rows.push({ part: 'speed', sample: 'hourly, made up', model, n: series.length, ms, smape, mase });
      }
      rows.push(...warmUpRows());
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return {
    rows,
    notes: [
      `Speed: CPU ms a series, median of ${ROUNDS} interleaved rounds, one process and one thread, loading and first call apart. statsforecast does not install here; its measured time is multiplied by R's time in this run over R's time beside it. ratio: ours over the faster of the two. smape and mase of the hourly rows are of the 48 hours held out.`,
      WARM_UP_NOTE,
    ],
  };
}

/** The models that have a peer on some sample. */
export const COMPARED: readonly string[] = Object.keys(TWINS);
