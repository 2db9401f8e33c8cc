// The Theta models on the M3 competition, where the public data are at hand.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CompetitionSeries, DATA, readM3 } from '../../bench/m-competitions.ts';
import { frequency } from '../../src/core/frequency.ts';
import { average, smape } from '../../src/evaluate/metrics.ts';
import { createModel } from '../../src/models/registry.ts';
import { contextOf, futureOf, seriesOf } from './one-series.ts';

const present = existsSync(join(DATA, 'forecast', 'm3.csv.gz'));
// A server that tests for a release must not pass because the data were not there.
const demanded = process.env.CI === 'true';
if (!present && !demanded) {
  console.warn(`theta: M3 not checked, the public data are not at ${DATA}; set BELLWETHER_DATA.`);
}

function smapeOf(name: string, all: readonly CompetitionSeries[]): number {
  const model = createModel(name);
  return average(
    all.map(({ train, test, period, m, h }) => {
      const series = seriesOf(train);
      const freq = period === 'YEARLY' ? frequency('Y') : contextOf(m).freq;
      const state = model.fit(series, { ...contextOf(m), freq });
      return smape(test, model.forecast(state, h, futureOf(series)).mean);
    }),
  ).mean;
}

describe.runIf(present || demanded)('on all 3,003 series of M3', () => {
  const all = present ? readM3() : [];

  it('theta comes out as the competition published it', () => {
    expect(all.length).toBe(3003);
    expect(Math.abs(smapeOf('theta', all) - 12.762)).toBeLessThanOrEqual(0.1);
  });

  it('dynamic-optimised-theta is better than that', () => {
    expect(smapeOf('dynamic-optimised-theta', all)).toBeLessThan(12.6);
  });
});
