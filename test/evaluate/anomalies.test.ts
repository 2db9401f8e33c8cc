import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/core/errors.ts';
import { random } from '../../src/core/random.ts';
import { anomalies } from '../../src/evaluate/anomalies.ts';
import type { Components } from '../../src/models/model.ts';
import { createModel } from '../../src/models/registry.ts';
import { contextOf, futureOf, seriesOf } from '../models/one-series.ts';

/** Four years of months with a season, a trend and noise of 3; ten cells are pushed by 8 noises. */
function pushed(seed: number, grow = 0): { y: Float64Array; at: Set<number> } {
  const draw = random(seed, 'pushed');
  const at = new Set<number>();
  while (at.size < 5) at.add(6 + draw.below(130));
  const y = Float64Array.from({ length: 144 }, (_, t) => {
    const level = (100 + grow * t) * (1 + 0.3 * Math.sin((2 * Math.PI * t) / 12));
    const noise = grow > 0 ? 0.03 * level : 3;
    return level + noise * draw.normal() + (at.has(t) ? (draw.uniform() < 0.5 ? -8 : 8) * noise : 0);
  });
  return { y, at };
}

function partsOf(y: Float64Array, model: string): Components {
  const series = seriesOf(y);
  const made = createModel(model);
  return made.components(made.fit(series, contextOf(12)), series, 1, futureOf(series));
}

const flat = (n: number, value = 0): Components => ({
  level: new Float64Array(n).fill(value),
  trend: new Float64Array(n),
  seasonal: new Float64Array(n),
  regressors: new Float64Array(n),
});

describe('anomalies', () => {
  it.each([
    [0, 'constant spread'],
    [3, 'spread that grows'],
  ])('finds what was pushed, slope %d (%s)', (grow) => {
    let hits = 0;
    let told = 0;
    for (let seed = 0; seed < 30; seed++) {
      const { y, at } = pushed(seed, grow);
      const found = anomalies(y, partsOf(y, 'additive'));
      hits += found.filter((row) => at.has(row.at)).length;
      told += found.length;
    }
    expect(hits / 150).toBeGreaterThan(0.95);
    expect(hits / told).toBeGreaterThan(0.85);
  });

  it('raises few false alarms, with heavy tails too', () => {
    for (const df of [Infinity, 4]) {
      let alarms = 0;
      for (let seed = 0; seed < 100; seed++) {
        const draw = random(seed, 'quiet');
        const y = Float64Array.from({ length: 200 }, () => {
          const heavy = df === Infinity ? 1 : Math.sqrt(df / (2 * draw.gamma(df / 2)));
          return draw.normal() * heavy;
        });
        alarms += anomalies(y, flat(200)).length;
      }
      // Cells in a hundred series of 200.
      expect(alarms).toBeLessThan(df === Infinity ? 20 : 150);
    }
  });

  it('tells value, expectation and score, the most surprising first', () => {
    const y = Float64Array.from({ length: 60 }, (_, t) => 10 + ((t * 7) % 5) - 2);
    y[20] = 40;
    y[30] = -60;
    y[40] = Number.NaN;
    const found = anomalies(y, flat(60, 10));
    expect(found.map(({ at }) => at)).toEqual([30, 20]);
    expect(found[0]).toMatchObject({ value: -60, expected: 10 });
    expect(found[0]!.score).toBeLessThan(-10);
    expect(anomalies(y, flat(60, 10), { skip: 25 }).map(({ at }) => at)).toEqual([30]);
  });

  it('has nothing to say of short or perfect fits', () => {
    expect(anomalies(Float64Array.of(1, 2, 300), flat(3))).toEqual([]);
    expect(anomalies(new Float64Array(50).fill(3), flat(50, 3))).toEqual([]);
    const one = new Float64Array(50).fill(3);
    one[9] = 4;
    expect(anomalies(one, flat(50, 3)).map(({ at }) => at)).toEqual([9]);
  });

  it('refuses options that make no sense', () => {
    expect(() => anomalies(new Float64Array(9), flat(9), { rate: 2 })).toThrow(UsageError);
    expect(() => anomalies(new Float64Array(9), flat(9), { spread: 'wide' as 'auto' })).toThrow(
      'spread is "wide"',
    );
  });
});
