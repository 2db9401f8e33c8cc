import { describe, expect, it } from 'vitest';
import { largeTask } from '../../bench/m5/large-panel.ts';
import { placeOf } from '../../bench/m5/levels.ts';
import { priceMonths } from '../../bench/m5/price-months.ts';
import { scoresOf, type Task } from '../../bench/m5/task.ts';
import { frequency } from '../../src/core/frequency.ts';
import { allocatePanel } from '../../src/core/panel.ts';

/** Weeks of seven days: w1 in January, w2 with three days in January and four in February, w3 in February, w4 in March. */
const DAYS = [
  ...Array.from({ length: 7 }, () => ({ month: '2015-01', week: 'w1' })),
  ...Array.from({ length: 7 }, (_, k) => ({ month: k < 3 ? '2015-01' : '2015-02', week: 'w2' })),
  ...Array.from({ length: 7 }, () => ({ month: '2015-02', week: 'w3' })),
  ...Array.from({ length: 7 }, () => ({ month: '2015-03', week: 'w4' })),
];

describe('prices by month', () => {
  const months = priceMonths(DAYS);

  it('weighs each week by its days in a month, both ends of a run included', () => {
    const prices = months([
      { first: 'w1', last: 'w2', price: 1 },
      { first: 'w3', last: 'w4', price: 2 },
    ]);
    expect([...prices]).toEqual([1, (4 * 1 + 7 * 2) / 11, 2]);
  });

  it('takes the price of before where there is none, and the first before the first', () => {
    expect([...months([{ first: 'w3', last: 'w3', price: 5 }])]).toEqual([5, 5, 5]);
    expect([...months([])]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it('keeps nothing from one product to the next', () => {
    months([{ first: 'w1', last: 'w4', price: 9 }]);
    expect([...months([{ first: 'w1', last: 'w4', price: 1 }])]).toEqual([1, 1, 1]);
  });
});

describe('the series of the M5', () => {
  it('are read by what they are the sum of', () => {
    const all = { state: 'all', store: 'all', category: 'all', department: 'all' };
    expect(placeOf('1', 'Total')).toEqual({ level: '1', ...all });
    expect(placeOf('3', 'TX_2')).toEqual({ ...all, level: '3', state: 'TX', store: 'TX_2' });
    expect(placeOf('7', 'FOODS_3/WI')).toEqual({
      level: '7',
      state: 'WI',
      store: 'all',
      category: 'FOODS',
      department: 'FOODS_3',
    });
    expect(placeOf('9', 'HOBBIES_1/CA_4')).toEqual({
      level: '9',
      state: 'CA',
      store: 'CA_4',
      category: 'HOBBIES',
      department: 'HOBBIES_1',
    });
  });
});

describe('the scores', () => {
  it('scale from the first sale on, and weigh shares over all cells', () => {
    const panel = allocatePanel({ freq: frequency('MS'), ids: ['a', 'b'], target: 'units' }, [5, 2]);
    panel.y.set([0, 0, 4, 2, 4, 7, 7]);
    const task: Task = { panel, h: 2, season_length: 12, actual: Float64Array.of(4, 6, 1, 9) };
    const scores = scoresOf(task, [{ mean: Float64Array.of(2, 8) }, { mean: Float64Array.of(1, 7) }]);
    expect([...scores.rmsse]).toEqual([1, Number.NaN]);
    expect(scores.wape).toBeCloseTo(6 / 20, 12);
    expect(scores.bias).toBeCloseTo(-2 / 20, 12);
  });
});

describe('the made-up chain', () => {
  it('is the same for the same seed, whatever comes after a series', () => {
    const [few, more] = [largeTask(3, 1), largeTask(40, 1)];
    expect(more.panel.y.subarray(0, few.panel.y.length)).toEqual(few.panel.y);
    expect(largeTask(3, 2).panel.y).not.toEqual(few.panel.y);
  });

  it('has promotions that sell more at a lower price', () => {
    const { panel, h } = largeTask(200, 1);
    const [price, promotion] = panel.knownFuture;
    let lowest = Infinity;
    const sums = { on: [0, 0], off: [0, 0] };
    for (let i = 0; i < panel.ids.length; i++) {
      for (let t = 0; t < 730; t++) {
        const at = panel.offsets[i]! + i * h + t;
        const own = promotion!.values[at] === 1 ? sums.on : sums.off;
        own[0]! += panel.y[panel.offsets[i]! + t]!;
        own[1]!++;
        lowest = Math.min(lowest, price!.values[at]!);
      }
    }
    expect(lowest).toBeGreaterThan(0);
    expect(sums.on[0]! / sums.on[1]!).toBeGreaterThan(1.3 * (sums.off[0]! / sums.off[1]!));
  });
});
