// The program of one fresh process: first-fits.ts SAMPLE MODEL prints what the first fits cost, as JSON.
import { cpuSeconds } from '../harness.ts';
import { forecaster, sampleOf } from './samples.ts';
import type { FirstFits } from './warm-up.ts';

/** Series that are fitted. */
const SERIES = 20;

const [sample, model] = process.argv.slice(2) as [string, string];
const series = sampleOf(sample).slice(0, SERIES);
const one = forecaster(sample, { model });
const round = (): number => {
  const since = process.cpuUsage();
  for (const each of series) one(each);
  return 1000 * cpuSeconds(since);
};

const since = process.cpuUsage();
one(series[0]!);
const first = 1000 * cpuSeconds(since);
for (const each of series.slice(1)) one(each);
const cold = (1000 * cpuSeconds(since)) / series.length;
round();
round();
const warm = round() / series.length;
const out: FirstFits = { series: series.length, first, cold, warm };
process.stdout.write(JSON.stringify(out));
