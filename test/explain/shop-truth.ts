// A demo shop as a forecaster sees it, and what its generator knows of the days to come.
import { HOLIDAYS, seasonProfile } from '../../src/collect/demo-shop/calendar.ts';
import { CATEGORIES } from '../../src/collect/demo-shop/categories.ts';
import { lifecycle } from '../../src/collect/demo-shop/demand.ts';
import { promotionFactor } from '../../src/collect/demo-shop/promotions.ts';
import { type Shop, type ShopOptions, simulateShop } from '../../src/collect/demo-shop/shop.ts';
import { readRows } from '../../src/collect/rows.ts';
import { civilFromDays, MS_PER_DAY } from '../../src/core/calendar.ts';
import type { Observations } from '../../src/core/observations.ts';
import { median } from '../../src/math/statistics.ts';

/** One day to come of one product in one store. */
export interface TrueDay {
  readonly step: number;
  readonly isPromoted: boolean;
  /** Log effects against usual prices and no promotion from now on: of prices, the family's too, and of promotions. */
  readonly price: number;
  readonly promotion: number;
  /** Log effect of the holidays that are yet to come. */
  readonly holiday: number;
  /** Log factor of the store's weekday. */
  readonly week: number;
  /** Log factor of the category's place in the year. */
  readonly year: number;
  /** Mean demand, as planned and with all as usual. */
  readonly rate: number;
  readonly usualRate: number;
}

export interface TrueSeries {
  readonly unique_id: string;
  /** Days since it was launched. */
  readonly age: number;
  /** Days of the last four weeks on which it sold out. */
  readonly soldOut: number;
  /** Growth of its level over its past, a year, on the log scale: the slope of a straight line. */
  readonly growth: number;
  /** Days on which the store is open. */
  readonly days: readonly TrueDay[];
}

const inCell = (shop: Shop, i: number, t: number): number => shop.offsets[i]! + t - shop.series[i]!.first;

/** What was sold, with the plan of the days to come; of days that sold out it is not known, unless they are taken as they are. */
export async function seenOf(shop: Shop, soldOut: 'unknown' | 'taken' = 'unknown'): Promise<Observations> {
  const { calendar, cells, series, products, offsets } = shop;
  const rows = series.flatMap(({ unique_id, first, past, product }, i) =>
    Array.from({ length: offsets[i + 1]! - offsets[i]! }, (_, k) => {
      const cell = offsets[i]! + k;
      const isOut = cells.closing[cell] === 0 && cells.open[cell] === 1;
      const isKnown = k < past && !(isOut && soldOut === 'unknown');
      return {
        date: new Date((calendar.firstDay + first + k) * MS_PER_DAY),
        sku: unique_id,
        category: CATEGORIES[products[product]!.category]!.name,
        units: isKnown ? cells.units[cell] : undefined,
        price: cells.price[cell],
        promo: cells.promotion[cell]! >= 0 ? 1 : 0,
        holiday: calendar.holiday[first + k],
      };
    }),
  );
  return readRows(rows, {
    id: 'sku',
    target: 'units',
    statics: ['category'],
    knownFuture: ['price', 'promo', 'holiday'],
  });
}

/** Log effects on a category of the holidays after the end of the history, one a day of the next h. */
function holidaysAhead({ calendar }: Shop, category: number, h: number): Float64Array {
  const end = calendar.firstDay + calendar.days;
  const { year } = civilFromDays(end);
  const effect = new Float64Array(h);
  for (const { name, on, from, shape } of HOLIDAYS) {
    for (const day of [on(year), on(year + 1)].filter((own) => own >= end)) {
      for (const [k, value] of shape.entries()) {
        const step = day - end + from + k;
        if (step >= 0 && step < h) effect[step]! += (CATEGORIES[category]!.holidays[name] ?? 0) * value;
      }
    }
  }
  return effect;
}

function soldOutDays({ calendar, cells, series, offsets }: Shop, i: number): number {
  const last = offsets[i]! + calendar.days - series[i]!.first;
  let count = 0;
  for (let cell = Math.max(offsets[i]!, last - 28); cell < last; cell++) {
    if (cells.closing[cell] === 0 && cells.open[cell] === 1) count++;
  }
  return count;
}

/** The slope of a line through the logarithms of what a series' trend, shifts and life were. */
function growthOf({ calendar, series, products }: Shop, i: number): number {
  const { first, product: p } = series[i]!;
  const product = products[p]!;
  const level = Array.from({ length: calendar.days - first }, (_, k) => {
    const shifts = product.shifts.filter(({ day }) => day <= first + k);
    return (
      (product.trend * k) / 365.25 +
      shifts.reduce((sum, own) => sum + own.size, 0) +
      Math.log(lifecycle(product, first + k))
    );
  });
  const centre = (level.length - 1) / 2;
  const slope = level.reduce((sum, own, k) => sum + own * (k - centre), 0);
  return (365.25 * slope) / level.reduce((sum, _, k) => sum + (k - centre) ** 2, 0);
}

/** The truth of the next h days of each product that still sells and sells at least `least` a day. */
export function truthOf(shop: Shop, h: number, least: number): TrueSeries[] {
  const { calendar, cells, series, products, promotions, stores, offsets } = shop;
  const end = calendar.days;
  const online = products.map((_, p) => series.findIndex((own) => own.store === 0 && own.product === p));
  const priceAt = (p: number, t: number): number => {
    const i = online[p]!;
    const cell = i < 0 ? -1 : inCell(shop, i, t);
    return cell >= offsets[i]! && cell < offsets[i + 1]! ? cells.price[cell]! : Number.NaN;
  };
  const usual = products.map((_, p) =>
    median(
      Array.from({ length: 2 * h }, (_, k) => priceAt(p, end - 1 - k)).filter(
        (value) => !Number.isNaN(value),
      ),
    ),
  );
  return series.flatMap(({ unique_id, first, past, product: p, store, share }, i): TrueSeries[] => {
    const product = products[p]!;
    if (first + past < end || product.baseRate * share < least) return [];
    const own = promotions.filter((plan) => plan.product === p);
    const planned = promotionFactor(product, own, end + h);
    const begun = promotionFactor(
      product,
      own.filter(({ from }) => from < end),
      end + h,
    );
    const holidays = holidaysAhead(shop, product.category, h);
    const profile = seasonProfile(CATEGORIES[product.category]!.season);
    const days = Array.from({ length: h }, (_, step): TrueDay[] => {
      const t = end + step;
      const cell = inCell(shop, i, t);
      if (cells.open[cell] !== 1) return [];
      const from = (other: number): number => Math.log(priceAt(other, t) / usual[other]!) || 0;
      const price = product.cross.reduce(
        (sum, rival) => sum + rival.elasticity * from(rival.product),
        product.elasticity * from(p),
      );
      const promotion = Math.log(planned[t]! / begun[t]!);
      const rate = cells.rate[cell]!;
      return [
        {
          step,
          isPromoted: cells.promotion[cell]! >= 0,
          price,
          promotion,
          holiday: holidays[step]!,
          week: Math.log(stores[store]!.week[calendar.weekday[t]!]!),
          year: Math.log(profile[calendar.dayOfYear[t]!]!),
          rate,
          usualRate: rate * Math.exp(-price - promotion),
        },
      ];
    }).flat();
    const age = end - product.launch;
    return [{ unique_id, age, soldOut: soldOutDays(shop, i), growth: growthOf(shop, i), days }];
  });
}

/** What of a shop a test may choose. */
export type ShopSize = Pick<ShopOptions, 'products' | 'days' | 'stores'>;

export const demoShop = (seed: number, end: string, h: number, size: ShopSize = {}): Shop =>
  simulateShop({ ...size, seed, end, horizon: h, tracked: 0 });
