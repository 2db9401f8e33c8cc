import { describe, expect, it } from 'vitest';
import { random } from '../../src/core/random.ts';
import { SHAPES } from '../../src/models/count-demand/negative-binomial.ts';
import { countQuantiles, type Part } from '../../src/models/count-demand/quantiles.ts';
import { countDemand } from '../../src/models/count-demand.ts';
import { DEMAND_PROBABILITIES } from '../../src/models/demand-distribution.ts';
import { run } from './one-series.ts';

const empty = { counts: new Int32Array(0), shares: new Float64Array(0) };

/** The distribution function over 0 … most, count by count, each part from its mean outwards so that nothing underflows. */
function exact(parts: readonly Part[], none: number, urn: typeof empty, most: number): Float64Array {
  const chance = new Float64Array(most + 1);
  for (const { weight, shape, mean, from } of parts) {
    const own = new Float64Array(most + 1);
    const middle = Math.floor(mean);
    own[middle] = 1;
    for (let k = middle; k < most; k++)
      own[k + 1] = (own[k]! * (mean / (shape + mean)) * (k + shape)) / (k + 1);
    for (let k = middle; k > 0; k--) own[k - 1] = (own[k]! * k) / ((mean / (shape + mean)) * (k - 1 + shape));
    const total = own.reduce((a, b) => a + b, 0);
    for (let k = from; k <= most; k++) chance[k]! += (weight * own[k - from]!) / total;
  }
  chance[0]! += none;
  const fresh = 1 - urn.shares.reduce((a, b) => a + b, 0);
  urn.counts.forEach((k, i) => {
    chance[k]! += urn.shares[i]! / fresh;
  });
  let sum = 0;
  return chance.map((c) => {
    sum += fresh * c;
    return sum;
  });
}

/** Mixtures with spreads of 2 to 3,000 counts, some of them hurdles and some with an urn. */
function mixture(seed: number): { parts: Part[]; none: number; urn: typeof empty } {
  const draw = random(8, seed);
  const size = 10 ** (0.5 + 3 * draw.uniform());
  const count = 1 + draw.below(5);
  const chance = draw.uniform() < 0.5 ? 1 : 0.7;
  const from = chance < 1 ? 1 : 0;
  const parts = Array.from({ length: count }, () => ({
    weight: chance / count,
    shape: SHAPES[2 + draw.below(8)]!,
    mean: size * (0.8 + 0.4 * draw.uniform()),
    from: from as 0 | 1,
  }));
  const counts = [...new Set(Array.from({ length: 5 }, () => Math.floor(2 * size * draw.uniform())))];
  const urn = {
    counts: Int32Array.from(counts.sort((a, b) => a - b)),
    shares: new Float64Array(counts.length).fill(0.06),
  };
  return { parts, none: 1 - chance, urn: draw.uniform() < 0.5 ? urn : empty };
}

describe('quantiles of counts', () => {
  it('are those of the sum over all counts: exact where few are told apart, else within 1e-4', () => {
    let blocks = 0;
    for (let seed = 0; seed < 120; seed++) {
      const { parts, none, urn } = mixture(seed);
      const cdf = exact(parts, none, urn, 60_000);
      const found = countQuantiles(parts, none, urn, DEMAND_PROBABILITIES);
      const wide = parts.every(({ mean, shape }) => mean + (mean * mean) / shape >= 32 ** 2);
      for (const [i, p] of DEMAND_PROBABILITIES.entries()) {
        const k = found[i]!;
        if (i > 0) expect(k).toBeGreaterThanOrEqual(found[i - 1]!);
        const bound = wide && k >= 32 ? 1e-4 : 1e-8;
        if (wide && k >= 32) blocks++;
        expect(cdf[k]! - p, `seed ${seed}, ${p}`).toBeGreaterThan(-bound);
        if (k > 0) expect(cdf[k - 1]! - p, `seed ${seed}, ${p}`).toBeLessThan(bound);
      }
    }
    expect(blocks).toBeGreaterThan(500);
  });

  it('are found where the probability of no demand is too small for a number', () => {
    const [low, middle, high] = countQuantiles(
      [{ weight: 1, shape: 1e5, mean: 2000, from: 0 }],
      0,
      empty,
      [0.025, 0.5, 0.975],
    );
    expect(middle).toBe(2000);
    expect(low).toBeCloseTo(2000 - 1.96 * Math.sqrt(2040), -1);
    expect(high).toBeCloseTo(2000 + 1.96 * Math.sqrt(2040), -1);
  });

  it('stay near steady sales of many thousands', () => {
    const draw = random(3);
    const y = Float64Array.from({ length: 130 }, () => Math.round(20_000 + 300 * draw.normal()));
    const d = run(countDemand(), y, 1, 1);
    if (d.kind !== 'quantiles') throw new Error('expected quantiles');
    expect(Math.max(...d.values)).toBeLessThan(25_000);
    expect(Math.min(...d.values)).toBeGreaterThan(15_000);
  });
});
