// True demand: the rate at which customers want a product, and the counts that come of it.
import type { Random } from '../../core/random.ts';
import type { ShopCalendar } from './calendar.ts';
import type { Product } from './catalogue.ts';
import { isOpen, type Store } from './stores.ts';

/** Log lift of pay day on the day and the three after it, as shares of the product's full lift. */
const PAY_FADE = [1, 0.75, 0.5, 0.25] as const;

/**
 * A slow wandering on the log scale (fashion, weather, rivals): a stationary first-order autoregression.
 * @param phi autocorrelation from day to day
 * @param sd standard deviation of the wandering itself
 */
export function wandering(draw: Random, length: number, phi: number, sd: number): Float64Array {
  const path = new Float64Array(length);
  const step = sd * Math.sqrt(1 - phi * phi);
  let level = sd * draw.normal();
  for (let t = 0; t < length; t++) {
    path[t] = level;
    level = phi * level + step * draw.normal();
  }
  return path;
}

/** Share of its mature rate at which a product sells on day t: it ramps up, matures and may decline. */
export function lifecycle(product: Product, t: number): number {
  if (t < product.launch || t >= product.gone) return 0;
  const ramp = 1 - 0.9 * Math.exp((-3 * (t - product.launch)) / product.rampDays);
  const decline = t < product.declineFrom ? 1 : 3 ** ((product.declineFrom - t) / product.declineDays);
  return ramp * decline;
}

/** Log level of a product on day t: its yearly trend and the shifts so far. */
function logLevel(product: Product, t: number): number {
  let level = (product.trend * t) / 365.25;
  for (const shift of product.shifts) if (t >= shift.day) level += shift.size;
  return level;
}

/** What bends demand besides price and promotion, one value a day each. */
export interface Circumstances {
  /** The category's yearly profile (366 values, mean 1). */
  readonly season: Float64Array;
  /** Log effect of the holidays on the category. */
  readonly holidays: Float64Array;
  /** Log wandering of the product and of the store. */
  readonly product: Float64Array;
  readonly store: Float64Array;
}

/**
 * True mean demand on days `first` … `first + out.length − 1` at the list price of the launch, without any
 * promotion of the product or its family; 0 where the store is shut.
 */
export function fillBaseline(
  out: Float64Array,
  first: number,
  product: Product,
  store: Store,
  share: number,
  calendar: ShopCalendar,
  around: Circumstances,
): void {
  for (let k = 0; k < out.length; k++) {
    const t = first + k;
    if (!isOpen(store, calendar, t)) {
      out[k] = 0;
      continue;
    }
    const pay = (PAY_FADE[calendar.sincePay[t]!] ?? 0) * product.payLift;
    const log = logLevel(product, t) + around.holidays[t]! + around.product[t]! + around.store[t]! + pay;
    out[k] =
      product.baseRate *
      share *
      lifecycle(product, t) *
      around.season[calendar.dayOfYear[t]!]! *
      store.week[calendar.weekday[t]!]! *
      Math.exp(log);
  }
}

/** The factor that a product's own price and those of its family put on its demand on day t. */
export function priceFactor(
  product: Product,
  products: readonly Product[],
  prices: readonly Float64Array[],
  index: number,
  t: number,
): number {
  let log = product.elasticity * Math.log(prices[index]![t]! / product.listPrice);
  for (const { product: other, elasticity } of product.cross) {
    const rival = products[other]!;
    // What is not on the shelf competes with nothing.
    if (t >= rival.launch && t < rival.gone) {
      log += elasticity * Math.log(prices[other]![t]! / rival.listPrice);
    }
  }
  return Math.exp(log);
}

/** Counts of customers' wishes: negative binomial around the rate. */
export function drawDemand(draw: Random, rate: Float64Array, size: number): Float64Array {
  const demand = new Float64Array(rate.length);
  for (let k = 0; k < rate.length; k++) demand[k] = draw.negativeBinomial(rate[k]!, size);
  return demand;
}
