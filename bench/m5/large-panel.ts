// A made-up chain: products in stores by day, with prices that change, promotions, holidays, a weekly and a yearly rhythm.
import { parseIso } from '../../src/core/calendar.ts';
import { frequency, ordinal } from '../../src/core/frequency.ts';
import { allocatePanel, CellState } from '../../src/core/panel.ts';
import { random } from '../../src/core/random.ts';
import { category } from '../whole-panel.ts';
import type { Task } from './task.ts';

export const LARGE_H = 28;
const DAYS = 730;
const STORES = 30;
const CATEGORIES = 20;
const YEAR = 365.25;
/** Days of the year on which the chain celebrates, and by how much sales are multiplied. */
const HOLIDAYS: ReadonlyMap<number, number> = new Map([
  [44, 1.4],
  [92, 1.3],
  [184, 1.5],
  [245, 1.2],
  [330, 1.8],
  [357, 2.2],
  [358, 0.3],
]);

/** Share of weeks with a promotion, what it takes off the price, and how often a price is set anew. */
const PROMOTED = 0.08;
const REDUCTION = 0.8;
const PRICE_WEEKS = 13;

/** Panel of `count` series over two years, and the 28 days after them; the same seed, the same bytes. */
export function largeTask(count: number, seed: number): Task {
  const h = LARGE_H;
  const span = DAYS + h;
  const storeOf = (i: number): number => i % STORES;
  const categoryOf = (i: number): number => Math.floor(i / STORES) % CATEGORIES;
  const freq = frequency('D');
  const panel = allocatePanel(
    {
      freq,
      ids: Array.from({ length: count }, (_, i) => `P${Math.floor(i / STORES)}-S${storeOf(i)}`),
      target: 'units',
      reach: h,
      statics: [
        category(
          'store',
          Array.from({ length: count }, (_, i) => `S${storeOf(i)}`),
        ),
        category(
          'category',
          Array.from({ length: count }, (_, i) => `C${categoryOf(i)}`),
        ),
      ],
    },
    new Uint32Array(count).fill(DAYS),
    { knownFuture: [{ name: 'price' }, { name: 'promotion' }, { name: 'holiday' }] },
  );
  const [price, promotion, holiday] = panel.knownFuture;
  const shapes = random(seed, 'categories');
  const categories = Array.from({ length: CATEGORIES }, () => ({
    season: 0.1 + 0.4 * shapes.uniform(),
    peak: YEAR * shapes.uniform(),
    elasticity: 1 + 2 * shapes.uniform(),
    week: Array.from({ length: 7 }, (_, d) => (d >= 5 ? 1.3 : 0.9) + 0.15 * shapes.normal()),
  }));
  const actual = new Float64Array(count * h);
  const first = ordinal(freq, parseIso('2024-01-01'));
  for (let i = 0; i < count; i++) {
    const draw = random(seed, i);
    const { season, peak, elasticity, week } = categories[categoryOf(i)]!;
    const level = Math.exp(1.5 + 0.9 * draw.normal());
    const growth = 0.0003 * draw.normal();
    let list = 2 + 18 * draw.uniform();
    let promoted = false;
    let drift = 0;
    const usual = list;
    panel.start[i] = first;
    for (let t = 0; t < span; t++) {
      if (t % 7 === 0) {
        promoted = draw.uniform() < PROMOTED;
        if (draw.uniform() < 1 / PRICE_WEEKS)
          list = Math.round(100 * usual * (0.9 + 0.2 * draw.uniform())) / 100;
      }
      drift = 0.95 * drift + 0.06 * draw.normal();
      const paid = promoted ? REDUCTION * list : list;
      const event = HOLIDAYS.get(Math.floor(t % YEAR));
      const mean =
        level *
        week[t % 7]! *
        (1 + season * Math.cos((2 * Math.PI * (t - peak)) / YEAR)) *
        (paid / usual) ** -elasticity *
        (promoted ? 1.3 : 1) *
        (event ?? 1) *
        Math.exp(growth * t + drift);
      const units = draw.poisson(mean);
      const at = panel.offsets[i]! + i * h + t;
      price!.values[at] = paid;
      promotion!.values[at] = Number(promoted);
      holiday!.values[at] = Number(event !== undefined);
      if (t < DAYS) panel.y[panel.offsets[i]! + t] = units;
      else actual[i * h + t - DAYS] = units;
    }
  }
  panel.state.fill(CellState.observed);
  return { panel, h, season_length: 7, actual };
}
