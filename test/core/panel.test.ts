import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { futureAt, selectSeries, seriesAt } from '../../src/core/panel.ts';
import { anyPanel } from '../store/arbitrary-panel.ts';
import { shopPanel } from '../store/samples.ts';

describe('selecting series', () => {
  it('gives models the same view of each series as the whole panel does', () => {
    fc.assert(
      fc.property(anyPanel, fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), (panel, wanted) => {
        const series = Int32Array.from(panel.ids.keys()).filter((i) => wanted[i % wanted.length]);
        const some = selectSeries(panel, series);
        expect(some.ids).toEqual(Array.from(series, (i) => panel.ids[i]));
        for (const [k, i] of series.entries()) {
          expect(seriesAt(some, k, 1)).toEqual(seriesAt(panel, i, 1));
          expect(futureAt(some, k, 3)).toEqual(futureAt(panel, i, 3));
          for (const [c, { values }] of panel.statics.entries())
            expect(some.statics[c]!.values[k]).toEqual(values[i]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('keeps what the columns are', () => {
    const some = selectSeries(shopPanel(), Int32Array.of(1));
    expect(some.pastOnly[0]!.values).toEqual(Float64Array.of(14, Number.POSITIVE_INFINITY));
    expect(some.knownFuture[1]).toEqual({
      name: 'promotion',
      levels: ['none', '2 for 1'],
      values: Float64Array.of(0, Number.NaN, 1, 0),
    });
    expect(some.start).toEqual(Int32Array.of(2140));
  });

  it('copies nothing where all are wanted', () => {
    const panel = shopPanel();
    expect(selectSeries(panel, Int32Array.of(0, 1))).toBe(panel);
  });
});
