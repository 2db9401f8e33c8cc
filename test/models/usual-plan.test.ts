import { describe, expect, it } from 'vitest';
import { frequency } from '../../src/core/frequency.ts';
import { allocatePanel, futureAt } from '../../src/core/panel.ts';
import { kindsOf, pastOf, planEffects, planOf } from '../../src/models/usual-plan.ts';

/** One product of 20 days, the last 4 of them promoted, and 4 days to come with a promotion on the second. */
function shelf() {
  const panel = allocatePanel({ freq: frequency('D'), ids: ['tea'], target: 'units', reach: 4 }, [20], {
    knownFuture: [{ name: 'price' }, { name: 'promo' }, { name: 'holiday', levels: ['', 'Easter'] }],
  });
  const [price, promo, holiday] = panel.knownFuture.map(({ values }) => values);
  for (let t = 0; t < 24; t++) {
    promo![t] = (t >= 16 && t < 20) || t === 21 ? 1 : 0;
    price![t] = (t < 8 ? 12 : 10) - 2 * promo![t]!;
    holiday![t] = 0;
  }
  return panel;
}

describe('a plan', () => {
  it('names the columns that are other than usual, and puts them back', () => {
    const panel = shelf();
    const plan = planOf(panel, 4, [0]);
    expect(plan.names).toEqual(['price', 'promo']);
    const [price, promo] = futureAt(plan.withUsual([false, true]), 0, 4).known;
    expect([...price!]).toEqual([10, 10, 10, 10]);
    expect([...promo!]).toEqual([0, 1, 0, 0]);
    // The past and the panel itself stay as they were.
    expect([...plan.withUsual([false, false]).knownFuture[1]!.values.subarray(14, 24)]).toEqual([
      0, 0, 1, 1, 1, 1, 0, 0, 0, 0,
    ]);
    expect(panel.knownFuture[1]!.values[21]).toBe(1);
  });

  it('does what undoing it takes away', () => {
    const plan = planOf(shelf(), 4, [0]);
    const [price, promo] = planEffects(plan, (panel) => {
      const { known } = futureAt(panel, 0, 4);
      return known[0]!.map((value, s) => 100 - 3 * value + 20 * known[1]![s]!);
    });
    expect([...price!]).toEqual([0, 6, 0, 0]);
    expect([...promo!]).toEqual([0, 20, 0, 0]);
  });
});

it('columns of the past alone can be undone likewise, and what is unknown stays so', () => {
  const panel = allocatePanel({ freq: frequency('D'), ids: ['tea', 'pot'], target: 'units' }, [12, 12], {
    pastOnly: [{ name: 'visits' }, { name: 'ad' }, { name: 'open' }],
  });
  const [visits, ad, open] = panel.pastOnly.map(({ values }) => values);
  for (let t = 0; t < 24; t++) {
    visits![t] = t % 12 === 5 ? Number.NaN : 100 * (1 + Math.floor(t / 12)) + (t % 12 === 11 ? 50 : 0);
    ad![t] = t === 3 ? 1 : 0;
    open![t] = 1;
  }
  const past = pastOf(panel, 4, kindsOf(panel.pastOnly));
  expect(past.names).toEqual(['visits', 'ad']);
  const [none, all] = [false, true].map((acts) => past.withUsual([acts, acts]).pastOnly);
  expect([...none![0]!.values.subarray(3, 7)]).toEqual([100, 100, Number.NaN, 100]);
  expect([none![0]!.values[11], none![0]!.values[23]]).toEqual([100, 200]);
  expect(none![1]!.values.every((value) => value === 0)).toBe(true);
  expect(all).toEqual(panel.pastOnly);
});
