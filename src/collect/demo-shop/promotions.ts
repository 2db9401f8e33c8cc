// The promotion plan: shop-wide sales, each product's own offers and the clearance of what is going.
import { civilFromDays, daysFromCivil } from '../../core/calendar.ts';
import type { Random } from '../../core/random.ts';
import { blackFriday, type ShopCalendar } from './calendar.ts';
import type { Product } from './catalogue.ts';

export interface Promotion {
  /** Index of the product. */
  readonly product: number;
  readonly name: string;
  /** First and last day, as days of the shop's calendar. */
  readonly from: number;
  readonly to: number;
  /** Share taken off the list price, before the price is rounded to its ending. */
  readonly discount: number;
  /** True factor on demand beyond what the lower price does. */
  readonly lift: number;
}

interface Sale {
  readonly name: string;
  /** First day number and length in days, in a year. */
  readonly begins: (year: number) => number;
  readonly days: number;
  /** Share of products that take part, and the discounts they draw from. */
  readonly share: number;
  readonly discounts: readonly number[];
}

const SALES: readonly Sale[] = [
  {
    name: 'January sale',
    begins: (year) => daysFromCivil(year, 1, 2),
    days: 14,
    share: 0.35,
    discounts: [0.2, 0.25, 0.3],
  },
  {
    name: 'Summer sale',
    begins: (year) => daysFromCivil(year, 7, 6),
    days: 14,
    share: 0.4,
    discounts: [0.15, 0.2, 0.25],
  },
  {
    name: 'Black Friday week',
    begins: (year) => blackFriday(year) - 1,
    days: 5,
    share: 0.75,
    discounts: [0.2, 0.25, 0.3],
  },
];
const OFFERS = [0.1, 0.15, 0.2, 0.25, 0.3] as const;
/** Days that must lie between two promotions of a product. */
const REST = 12;

/** Plans the promotions of one product over the whole calendar, future included, in order of time. */
export function planPromotions(
  draw: Random,
  index: number,
  product: Product,
  calendar: ShopCalendar,
): Promotion[] {
  const length = calendar.days + calendar.horizon;
  const born = Math.max(0, product.launch + product.rampDays);
  const dies = Math.min(length, product.gone);
  const plan: Promotion[] = [];
  const add = (name: string, from: number, days: number, discount: number): void => {
    const to = Math.min(from + days, dies) - 1;
    if (from < born || to < from) return;
    if (plan.some((other) => from <= other.to + REST && to >= other.from - REST)) return;
    plan.push({ product: index, name, from, to, discount, lift: liftOf(product, discount) });
  };

  if (product.gone < length) add('Clearance', product.gone - 30, 30, 0.35);
  const lastYear = civilFromDays(calendar.firstDay + length).year;
  for (let year = civilFromDays(calendar.firstDay).year; year <= lastYear; year++) {
    for (const sale of SALES) {
      const joins = draw.uniform() < sale.share;
      const discount = sale.discounts[draw.below(sale.discounts.length)]!;
      if (joins) add(sale.name, sale.begins(year) - calendar.firstDay, sale.days, discount);
    }
  }
  for (let t = draw.below(90); t < length; t += 45 + draw.below(75)) {
    add('Offer', t, 5 + draw.below(10), OFFERS[draw.below(OFFERS.length)]!);
  }
  return plan.sort((a, b) => a.from - b.from);
}

/** A deeper discount is shown more prominently: the full lift is reached at 30 % off. */
function liftOf(product: Product, discount: number): number {
  return 1 + (product.promotionLift - 1) * Math.min(1, 0.4 + 2 * discount);
}

/** The factor on demand on each day: the lift while promoted, then the dip of those who bought ahead. */
export function promotionFactor(
  product: Product,
  promotions: readonly Promotion[],
  length: number,
): Float64Array {
  const factor = new Float64Array(length).fill(1);
  for (const { from, to, lift } of promotions) {
    for (let t = from; t <= to; t++) factor[t]! *= lift;
    for (let k = 0; k < product.dipDays && to + 1 + k < length; k++) {
      factor[to + 1 + k]! *= 1 - product.dip * (1 - k / product.dipDays);
    }
  }
  return factor;
}
