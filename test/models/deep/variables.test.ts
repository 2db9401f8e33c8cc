import { expect, it } from 'vitest';
import { frequency } from '../../../src/core/frequency.ts';
import { allocatePanel, CellState } from '../../../src/core/panel.ts';
import { groundOf, sizesOn } from '../../../src/models/deep/ground.ts';
import { variableSizes } from '../../../src/models/deep/windows.ts';

it('numbers that are told are grouped by what they tell of', () => {
  const [n, h] = [1200, 7];
  const panel = allocatePanel(
    {
      freq: frequency('D'),
      ids: ['a'],
      target: 'units',
      reach: h,
      statics: [
        { name: 'kind', levels: ['x', 'y'], values: Float64Array.of(0) },
        { name: 'size', values: Float64Array.of(3) },
      ],
    },
    [n],
    {
      knownFuture: [{ name: 'price' }, { name: 'event', levels: ['none', 'sale', 'fair'] }],
      pastOnly: [{ name: 'visits' }],
    },
  );
  panel.y.fill(1);
  panel.state.fill(CellState.observed);
  panel.knownFuture[0]!.values.forEach((_, t, all) => {
    all[t] = 2 + (t % 3) / 10;
  });
  panel.pastOnly[0]!.values.forEach((_, t, all) => {
    all[t] = t % 5;
  });
  const ground = groundOf(panel, h, 7, false);
  const sizes = sizesOn(ground, { window: 28 });
  const { past, future, statics } = variableSizes(ground.inputs, sizes);
  // The week and the year in three waves each; the price and whether it is known; one of three events.
  const period = [6, 6, 2, 3];
  // The value and what it is beyond a season before, then visits; each with whether it is known.
  expect(past).toEqual([2, 2, ...period, 2]);
  // The plain forecast, the values a week and a year ago, the place within the horizon; columns now and a season before.
  expect(future).toEqual([2, 2, 1, 2, ...period, 2, 3]);
  expect(statics).toEqual([1, 1, 1, 1, 2]);
  const total = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
  expect([past, future, statics].map(total)).toEqual([sizes.past, sizes.future, sizes.statics]);
});
