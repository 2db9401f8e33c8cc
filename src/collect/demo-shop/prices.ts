// Prices: list prices that move a few times a year, promotional prices, and their endings.
import type { Random } from '../../core/random.ts';
import type { Product } from './catalogue.ts';
import type { Promotion } from './promotions.ts';

/** The nearest shelf price: ends in .95 from 20 upwards, in .49 or .99 below. Never under 0.49. */
export function charmPrice(price: number): number {
  const step = price < 20 ? 0.5 : 1;
  const off = price < 20 ? 0.01 : 0.05;
  const steps = Math.max(1, Math.round((price + off) / step));
  return Math.round((steps * step - off) * 100) / 100;
}

/**
 * The selling price on each of `length` days. The list price changes every four to ten months, up more often
 * than down; a promotion takes its discount off the list price of its day.
 * Promotions hold indices of days; they do not overlap.
 */
export function pricePath(
  draw: Random,
  product: Product,
  promotions: readonly Promotion[],
  length: number,
): Float64Array {
  const path = new Float64Array(length);
  let list = product.listPrice;
  let next = Math.max(0, product.launch) + 60 + draw.below(240);
  for (let t = 0; t < length; t++) {
    if (t === next) {
      const step = draw.uniform() < 0.7 ? 0.03 + 0.06 * draw.uniform() : -0.03 - 0.06 * draw.uniform();
      list = charmPrice(list * (1 + step));
      next += 120 + draw.below(180);
    }
    path[t] = list;
  }
  for (const { from, to, discount } of promotions) {
    for (let t = Math.max(0, from); t <= to && t < length; t++)
      path[t] = charmPrice(path[t]! * (1 - discount));
  }
  return path;
}
