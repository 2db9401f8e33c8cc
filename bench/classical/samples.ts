// The samples of 300 series on which the peers were measured, and the forecast of one series by one model.
import { frequency } from '../../src/core/frequency.ts';
import type { Series } from '../../src/core/panel.ts';
import { average, insampleScale, mase, smape } from '../../src/evaluate/metrics.ts';
import { FALLBACKS, fitOrFallBack } from '../../src/models/fallback.ts';
import type { Context, ModelSpec } from '../../src/models/model.ts';
import { createModel } from '../../src/models/registry.ts';
import { cpuSeconds } from '../harness.ts';
import { naive2, owa, readGzip } from '../m-competitions.ts';

export interface SampleSeries {
  readonly id: string;
  readonly m: number;
  readonly h: number;
  readonly train: Float64Array;
  readonly test: Float64Array;
}

const ALIAS: Readonly<Record<string, string>> = {
  'm3-yearly': 'YS',
  'm3-quarterly': 'QS',
  'm3-monthly': 'MS',
  'm4-weekly': 'W',
  'nn5-daily': 'D',
  hourly: 'h',
};

/** Missing test values are NaN and are not scored. */
const values = (x: readonly (number | string | null)[]): Float64Array =>
  Float64Array.from(x, (v) => (typeof v === 'number' ? v : Number.NaN));

const single = (x: number | readonly number[]): number => (typeof x === 'number' ? x : x[0]!);

/** A sample in its own order, which is random: a part of its beginning is a sample too. */
export function sampleOf(name: string): SampleSeries[] {
  const rows = JSON.parse(readGzip(`../peers/datasets/${name}.json.gz`)) as {
    id: string;
    m: number | number[];
    h: number | number[];
    x: number[];
    xx: (number | null)[];
  }[];
  return rows.map(({ id, m, h, x, xx }) => ({
    id,
    m: single(m),
    h: single(h),
    train: values(x),
    test: values(xx),
  }));
}

export interface SampleScore {
  readonly smape: number;
  readonly mase: number;
  readonly owa: number;
  /** CPU milliseconds a series, without the first one, which compiles the code. */
  readonly ms: number;
  /** Series that a fallback served. */
  readonly fallbacks: number;
}

/** A forecast of one series, and whether a fallback served it. */
type Forecaster = (series: SampleSeries) => { mean: Float64Array; fell: boolean };

/** Fits and forecasts a series of a sample with one model, as the peers were run. */
export function forecaster(name: string, spec: ModelSpec, season_length?: number): Forecaster {
  const model = createModel(spec);
  const fallbacks = FALLBACKS.map(createModel);
  return ({ train, m, h }) => {
    const own: Series = { y: train, state: new Uint8Array(train.length), start: 0, known: [] };
    const context: Context = {
      freq: frequency(ALIAS[name] ?? '1'),
      season_length: season_length ?? m,
      seed: 1,
      knownFuture: [],
    };
    const fitted = fitOrFallBack(model, fallbacks, own, context, h, { start: train.length, known: [] });
    const mean = fitted.distribution.mean.map((v) => Math.max(0, v));
    return { mean, fell: fitted.fallback !== undefined };
  };
}

/** Fits before times are taken, and milliseconds of them at least: what compiling costs is measured apart. */
const WARM_FITS = 5;
const WARM_MS = 300;

/** All series of a sample in one process and one thread, once the code is compiled. */
export function runSample(
  name: string,
  series: readonly SampleSeries[],
  spec: ModelSpec,
  season_length?: number,
): { forecasts: Float64Array[]; ms: number; fallbacks: number } {
  const one = forecaster(name, spec, season_length);
  const warming = process.cpuUsage();
  for (let k = 0; k < WARM_FITS || 1000 * cpuSeconds(warming) < WARM_MS; k++) one(series[k % series.length]!);
  const since = process.cpuUsage();
  const all = series.map(one);
  return {
    forecasts: all.map(({ mean }) => mean),
    ms: (1000 * cpuSeconds(since)) / series.length,
    fallbacks: all.filter(({ fell }) => fell).length,
  };
}

const observed = (test: Float64Array, forecast: Float64Array): [Float64Array, Float64Array] => {
  const at = Array.from(test.keys()).filter((s) => !Number.isNaN(test[s]!));
  return [Float64Array.from(at, (s) => test[s]!), Float64Array.from(at, (s) => forecast[s]!)];
};

/** sMAPE, MASE and OWA (against Naive2 on the same series) of forecasts of a sample. */
export function scoreSample(
  series: readonly SampleSeries[],
  forecasts: readonly Float64Array[],
): Pick<SampleScore, 'smape' | 'mase' | 'owa'> {
  const means = (of: (each: SampleSeries, i: number) => Float64Array): { smape: number; mase: number } => {
    const rows = series.map((each, i) => {
      const [test, forecast] = observed(each.test, of(each, i));
      const scale = insampleScale(each.train, each.m);
      return { smape: smape(test, forecast), mase: scale > 0 ? mase(test, forecast, scale) : Number.NaN };
    });
    return {
      smape: average(rows.map((r) => r.smape)).mean,
      mase: average(rows.map((r) => r.mase)).mean,
    };
  };
  const own = means((_, i) => forecasts[i]!);
  return {
    ...own,
    owa: owa(
      own,
      means(({ train, m, h }) => naive2(train, m, h)),
    ),
  };
}
