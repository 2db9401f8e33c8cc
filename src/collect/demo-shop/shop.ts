// The demo shop: simulates a small chain, its customers and its stock, and keeps the truth behind every number.
import { MS_PER_DAY, parseIso } from '../../core/calendar.ts';
import { refuseUnknownOptions, UsageError } from '../../core/errors.ts';
import { random } from '../../core/random.ts';
import { holidayEffect, type ShopCalendar, seasonProfile, shopCalendar } from './calendar.ts';
import { makeCatalogue, type Product } from './catalogue.ts';
import { CATEGORIES } from './categories.ts';
import { drawDemand, fillBaseline, priceFactor, wandering } from './demand.ts';
import { makeOrders, type Orders } from './orders.ts';
import { pricePath } from './prices.ts';
import { type Promotion, planPromotions, promotionFactor } from './promotions.ts';
import type { Sessions } from './sessions.ts';
import { playStock } from './stock.ts';
import { isOpen, makeStores, type Store, shareOf } from './stores.ts';
import { type Customer, makeCustomers } from './visitors.ts';

export interface ShopOptions {
  /** The same seed gives the same shop to the last byte; defaults to 1. */
  seed?: number;
  /** Products ever sold, 1 … 5000; defaults to 60. */
  products?: number;
  /** Days of history, 60 … 3660; defaults to 912, about two and a half years. */
  days?: number;
  /** Last day of the history, `YYYY-MM-DD`; defaults to 2026-06-30. */
  end?: string;
  /** Stores, 1 … 50: an online shop and outlets; defaults to 3. */
  stores?: number;
  /** Days after `end` for which prices, promotions and holidays are planned, 0 … 366; defaults to 56. */
  horizon?: number;
  /** Share of customers whose visits are recorded, 0 … 1; defaults to 0.015. */
  tracked?: number;
}

/** One product in one store. Its cells are the days `first`, `first + 1`, …, history before future. */
export interface ShopSeries {
  /** `store/sku`. */
  readonly unique_id: string;
  /** Indices into the shop's stores and products. */
  readonly store: number;
  readonly product: number;
  /** First day on sale, as a day of the shop's calendar. */
  readonly first: number;
  /** Cells of history; what was discontinued has fewer than the calendar. */
  readonly past: number;
  /** Share of the product's base rate that this store sells. */
  readonly share: number;
}

/** One value a cell; series i owns the cells offsets[i] … offsets[i + 1] − 1. */
export interface ShopCells {
  /** Selling price, known for the future too. */
  readonly price: Float64Array;
  /** Index into the shop's promotions, −1 without one; known for the future too. */
  readonly promotion: Int32Array;
  /** 1 where the store is open; known for the future too. */
  readonly open: Uint8Array;
  /** Truth: mean demand at the first list price, without promotions. */
  readonly baseline: Float64Array;
  /** Truth: factor of promotions on demand beyond price: the lift, and the dip after it. */
  readonly promotionFactor: Float64Array;
  /** Truth: mean demand, baseline × promotion factor × price effects. */
  readonly rate: Float64Array;
  /** Truth: units that customers wanted, or will want in the future. */
  readonly demand: Float64Array;
  /** Units sold; NaN in the future, as are all that follow. */
  readonly units: Float64Array;
  /** Stock before the day's delivery, the delivery, the stock at night and what suppliers still owe. */
  readonly opening: Float64Array;
  readonly received: Float64Array;
  readonly closing: Float64Array;
  readonly onOrder: Float64Array;
}

export interface Shop {
  readonly seed: number;
  readonly calendar: ShopCalendar;
  readonly stores: readonly Store[];
  readonly products: readonly Product[];
  /** Promotions of all products; each product's own in order of time. */
  readonly promotions: readonly Promotion[];
  readonly series: readonly ShopSeries[];
  readonly offsets: Uint32Array;
  readonly cells: ShopCells;
  readonly customers: readonly Customer[];
  readonly orders: Orders;
  readonly sessions: Sessions;
}

/** Orders a customer places over the whole time, about; it sets how many customers there are. */
const ORDERS_PER_CUSTOMER = 6;
const LINES_PER_ORDER = 2.2;

/**
 * Simulates a shop. Everything is in memory, truth included; nothing depends on the clock.
 * @throws UsageError for an option that is unknown or out of range
 */
export function simulateShop(options: ShopOptions = {}): Shop {
  refuseUnknownOptions('simulateShop', options, [
    'seed',
    'products',
    'days',
    'end',
    'stores',
    'horizon',
    'tracked',
  ]);
  const {
    seed = 1,
    products: productCount = 60,
    days = 912,
    end = '2026-06-30',
    stores: storeCount = 3,
    horizon = 56,
    tracked = 0.015,
  } = options;
  whole('seed', seed, -2147483648, 2147483647);
  whole('products', productCount, 1, 5000);
  whole('days', days, 60, 3660);
  whole('stores', storeCount, 1, 50);
  whole('horizon', horizon, 0, 366);
  if (!(tracked >= 0 && tracked <= 1)) {
    throw new UsageError(`simulateShop's tracked is ${tracked}; give a share between 0 and 1.`);
  }

  const calendar = shopCalendar(lastDay(end), days, horizon);
  const stores = makeStores(storeCount, days);
  const products = makeCatalogue(seed, productCount, days);
  const plans = products.map((product, p) =>
    planPromotions(random(seed, `promotions/${product.sku}`), p, product, calendar),
  );
  const prices = products.map((product, p) =>
    pricePath(random(seed, `prices/${product.sku}`), product, plans[p]!, days + horizon),
  );
  const promotions = plans.flat();
  const { series, offsets } = layOut(seed, stores, products, calendar);
  const cells = emptyCells(offsets[series.length]!);
  fillTruth(seed, { calendar, stores, products, promotions, series, offsets, cells }, plans, prices);
  for (let i = 0; i < series.length; i++) {
    sell(random(seed, `stock/${series[i]!.unique_id}`), i, { calendar, products, series, offsets, cells });
  }

  const at = cellIndex(series, offsets, stores.length, products.length);
  let lines = 0;
  for (let i = 0; i < series.length; i++) {
    const { product, past } = series[i]!;
    for (let k = offsets[i]!; k < offsets[i]! + past; k++)
      lines += cells.units[k]! / products[product]!.lineUnits;
  }
  const customerCount = Math.max(40, Math.round(lines / LINES_PER_ORDER / ORDERS_PER_CUSTOMER));
  const customers = makeCustomers(seed, customerCount, days, tracked);
  const { orders, sessions } = makeOrders(seed, {
    products,
    stores,
    customers,
    calendar,
    units: (store, product, t) => cells.units[at(store, product, t)] ?? 0,
    price: (product, t) => prices[product]![t]!,
    onPromotion: (product, t) => (cells.promotion[at(0, product, t)] ?? -1) >= 0,
    rate: (product, t) => cells.rate[at(0, product, t)] ?? 0,
  });
  return {
    seed,
    calendar,
    stores,
    products,
    promotions,
    series,
    offsets,
    cells,
    customers,
    orders,
    sessions,
  };
}

/**
 * True mean demand of series i on a day of the shop's calendar, had its own price been `price` and nothing else
 * different; 0 where the product is not on sale.
 */
export function rateAtPrice(shop: Shop, i: number, day: number, price: number): number {
  const { first, product } = shop.series[i]!;
  const cell = shop.offsets[i]! + day - first;
  if (day < first || cell >= shop.offsets[i + 1]!) return 0;
  return shop.cells.rate[cell]! * (price / shop.cells.price[cell]!) ** shop.products[product]!.elasticity;
}

function whole(name: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new UsageError(`simulateShop's ${name} is ${value}; give a whole number from ${low} to ${high}.`);
  }
}

function lastDay(end: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(end) ? parseIso(end) : Number.NaN;
  if (Number.isNaN(ms)) {
    throw new UsageError(`simulateShop's end is "${end}"; give a date such as 2026-06-30.`);
  }
  return ms / MS_PER_DAY;
}

/** Decides which store sells what and from when, and where its cells lie. */
function layOut(
  seed: number,
  stores: readonly Store[],
  products: readonly Product[],
  { days, horizon }: ShopCalendar,
): { series: ShopSeries[]; offsets: Uint32Array } {
  const series: ShopSeries[] = [];
  const offsets = [0];
  stores.forEach((store, s) => {
    products.forEach((product, p) => {
      const share = shareOf(seed, store, product.sku);
      const first = Math.max(0, store.opened, product.launch);
      const past = Math.min(days, product.gone) - first;
      if (share === 0 || past <= 0) return;
      const length = product.gone < days ? past : past + horizon;
      const unique_id = `${store.id}/${product.sku}`;
      series.push({ unique_id, store: s, product: p, first, past, share });
      offsets.push(offsets[offsets.length - 1]! + length);
    });
  });
  return { series, offsets: Uint32Array.from(offsets) };
}

function emptyCells(length: number): ShopCells {
  const unknown = (): Float64Array => new Float64Array(length).fill(Number.NaN);
  return {
    price: new Float64Array(length),
    promotion: new Int32Array(length).fill(-1),
    open: new Uint8Array(length),
    baseline: new Float64Array(length),
    promotionFactor: new Float64Array(length),
    rate: new Float64Array(length),
    demand: new Float64Array(length),
    units: unknown(),
    opening: unknown(),
    received: unknown(),
    closing: unknown(),
    onOrder: unknown(),
  };
}

/** Fills in prices, promotions, rates and demand: all that happens before the stock has its say. */
function fillTruth(
  seed: number,
  shop: Pick<Shop, 'calendar' | 'stores' | 'products' | 'promotions' | 'series' | 'offsets' | 'cells'>,
  plans: readonly (readonly Promotion[])[],
  prices: readonly Float64Array[],
): void {
  const { calendar, stores, products, promotions, series, offsets, cells } = shop;
  const length = calendar.days + calendar.horizon;
  const seasons = CATEGORIES.map((category) => seasonProfile(category.season));
  const holidays = CATEGORIES.map((category) => holidayEffect(calendar, category.holidays));
  const storeMoods = stores.map((store) => wandering(random(seed, `mood/${store.id}`), length, 0.85, 0.06));
  const moods = products.map(({ sku }) => wandering(random(seed, `mood/${sku}`), length, 0.98, 0.12));
  const factors = products.map((product, p) => promotionFactor(product, plans[p]!, length));
  const firstPromotion = new Map<number, number>();
  promotions.forEach(({ product }, k) => {
    if (!firstPromotion.has(product)) firstPromotion.set(product, k);
  });

  series.forEach(({ unique_id, store: s, product: p, first, share }, i) => {
    const from = offsets[i]!;
    const to = offsets[i + 1]!;
    const product = products[p]!;
    const store = stores[s]!;
    fillBaseline(cells.baseline.subarray(from, to), first, product, store, share, calendar, {
      season: seasons[product.category]!,
      holidays: holidays[product.category]!,
      product: moods[p]!,
      store: storeMoods[s]!,
    });
    for (let cell = from; cell < to; cell++) {
      const t = first + cell - from;
      cells.price[cell] = prices[p]![t]!;
      cells.open[cell] = isOpen(store, calendar, t) ? 1 : 0;
      cells.promotionFactor[cell] = factors[p]![t]!;
      cells.rate[cell] =
        cells.baseline[cell]! * factors[p]![t]! * priceFactor(product, products, prices, p, t);
    }
    plans[p]!.forEach((promotion, k) => {
      const begin = Math.max(from, from + promotion.from - first);
      const end = Math.min(to, from + promotion.to - first + 1);
      if (end > begin) cells.promotion.fill(firstPromotion.get(p)! + k, begin, end);
    });
    const draw = random(seed, `demand/${unique_id}`);
    cells.demand.set(drawDemand(draw, cells.rate.subarray(from, to), product.size), from);
  });
}

/** Plays the stock of one series through its history. */
function sell(
  draw: ReturnType<typeof random>,
  i: number,
  shop: Pick<Shop, 'calendar' | 'products' | 'series' | 'offsets' | 'cells'>,
): void {
  const { calendar, products, series, offsets, cells } = shop;
  const { product, first, past } = series[i]!;
  const from = offsets[i]!;
  const rate = cells.rate.subarray(from, offsets[i + 1]!);
  const demand = cells.demand.subarray(from, from + past);
  const history = playStock(draw, products[product]!, rate, demand, calendar.weekday[first]!);
  cells.units.set(history.units, from);
  cells.opening.set(history.opening, from);
  cells.received.set(history.received, from);
  cells.closing.set(history.closing, from);
  cells.onOrder.set(history.onOrder, from);
}

/** Finds the cell of a store, a product and a day of history; an index beyond every cell where there is none. */
function cellIndex(
  series: readonly ShopSeries[],
  offsets: Uint32Array,
  stores: number,
  products: number,
): (store: number, product: number, t: number) => number {
  const nowhere = offsets[series.length]!;
  const table = new Int32Array(stores * products).fill(-1);
  series.forEach(({ store, product }, i) => {
    table[store * products + product] = i;
  });
  return (store, product, t) => {
    const i = table[store * products + product]!;
    if (i < 0) return nowhere;
    const { first, past } = series[i]!;
    return t < first || t >= first + past ? nowhere : offsets[i]! + t - first;
  };
}
