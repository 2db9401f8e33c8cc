import { describe, expect, it } from 'vitest';
import { quantile } from '../../src/core/distribution.ts';
import { random } from '../../src/core/random.ts';
import { adida } from '../../src/models/adida.ts';
import { imapa } from '../../src/models/imapa.ts';
import { bucketSums } from '../../src/models/temporal-aggregation.ts';
import { contextOf, futureOf, golden, run, seriesOf } from './one-series.ts';

interface AggregationGolden {
  readonly name: string;
  readonly y: readonly number[];
  readonly fits: readonly { readonly alpha: number; readonly adida: number; readonly imapa: number }[];
}
const goldens = golden('aggregation') as AggregationGolden[];

describe('adida and imapa', () => {
  it.each(goldens)('with a given alpha equal their definitions in R on $name', ({ y, fits }) => {
    for (const { alpha, ...expected } of fits) {
      expect(run(adida({ alpha }), y, 1, 1).mean[0]! / expected.adida).toBeCloseTo(1, 9);
      expect(run(imapa({ alpha }), y, 1, 1).mean[0]! / expected.imapa).toBeCloseTo(1, 9);
    }
  });

  it('fill buckets from the end, and leave what is over at the start', () => {
    expect([...bucketSums(Float64Array.from([9, 1, 2, 3, 4, 5, 6]), 3)]).toEqual([6, 15]);
  });

  it('forecast the rate of a steady process, flat, with quantiles that hold', () => {
    const draw = random(4);
    let inside = 0;
    for (let k = 0; k < 200; k++) {
      const y = Float64Array.from({ length: 101 }, () => (draw.uniform() < 0.3 ? 1 + draw.poisson(2) : 0));
      const d = run(imapa(), y.subarray(0, 100), 1, 2);
      expect(d.mean[0]).toBe(d.mean[1]);
      if (y[100]! <= quantile(d, 0.9)[0]!) inside++;
    }
    expect(inside / 200).toBeGreaterThan(0.86);
    const long = Float64Array.from({ length: 900 }, () => (draw.uniform() < 0.3 ? 1 + draw.poisson(2) : 0));
    for (const model of [adida(), imapa()]) {
      expect(Math.abs(run(model, long, 1, 1).mean[0]! - 0.9)).toBeLessThan(0.2);
    }
  });

  it('notice a product that stopped selling', () => {
    const y = Float64Array.from({ length: 60 }, (_, t) => (t < 36 && t % 2 === 0 ? 3 : 0));
    for (const model of [adida(), imapa()]) expect(run(model, y, 1, 1).mean[0]).toBeLessThan(0.4);
  });

  it('pass over missing cells as if they were not there', () => {
    const y = [0, 3, 0, 0, 1, 0, 2, 0];
    const gappy = [0, Number.NaN, 3, 0, 0, Number.NaN, Number.NaN, 1, 0, 2, Number.NaN, 0];
    for (const model of [adida(), imapa({ alpha: 0.2 })]) {
      expect(run(model, gappy, 1, 1)).toEqual(run(model, y, 1, 1));
    }
  });

  it('take their fit apart as what each cell was forecast from the cells before it', () => {
    const y = seriesOf([0, 3, 0, 0, 1, 0, 2, 0]);
    const model = imapa();
    const { level } = model.components(model.fit(y, contextOf(1)), y, 2, futureOf(y));
    expect(level.subarray(0, 5).every(Number.isNaN)).toBe(true);
    expect(level[6]).toBeCloseTo(run(model, y.y.subarray(0, 6), 1, 1).mean[0]!, 12);
    expect(level[9]).toBeCloseTo(run(model, y.y, 1, 1).mean[0]!, 12);
  });

  it('draw whole pieces, as many as they forecast', () => {
    const series = seriesOf(goldens[1]!.y);
    const model = adida();
    const state = model.fit(series, contextOf(1));
    const drawn = model.simulate!(state, 3, futureOf(series), 4000, random(1));
    expect(drawn.every(Number.isInteger)).toBe(true);
    const mean = drawn.reduce((a, b) => a + b, 0) / drawn.length;
    expect(mean / (state.probability * state.size)).toBeGreaterThan(0.95);
    expect(mean / (state.probability * state.size)).toBeLessThan(1.15);
  });

  it('keep a size where no probability is left', () => {
    const d = run(adida({ alpha: 1 }), [2, 2, 0, 0, 0, 0, 0, 0, 0, 0], 1, 2);
    expect([...d.mean]).toEqual([0, 0]);
  });

  it('refuse one demand, values below 0, and wrong options', () => {
    expect(() => run(adida(), [0, 0, 3, 0], 1, 1)).toThrow('has one value above 0; adida needs at least two');
    expect(() => run(imapa(), [1, -2, 3], 1, 1)).toThrow('imapa needs values of 0 or above');
    expect(() => adida({ alpha: 2 })).toThrow('adida cannot have the option alpha 2');
    expect(() => imapa({ beta: 0.1 } as object)).toThrow('imapa has no option "beta"');
  });
});
