// The catalogue: what each product is, and the hidden truth of how it sells.
import { random } from '../../core/random.ts';
import { normalQuantile } from '../../math/special.ts';
import { CATEGORIES } from './categories.ts';
import { charmPrice } from './prices.ts';

export interface Product {
  readonly sku: string;
  readonly name: string;
  /** Index into CATEGORIES. */
  readonly category: number;
  /** Products of one family (the same thing in three variants) stand in for each other. */
  readonly family: string;
  readonly brand: string;
  /** List price at launch: the price at which `baseRate` holds. */
  readonly listPrice: number;
  readonly cost: number;
  /** Day of the shop's calendar on which it was launched; negative where before the data begins. */
  readonly launch: number;
  /** First day on which it is gone for good; Infinity while it lives. */
  readonly gone: number;
  /** Day on which its decline begins; Infinity where it does not. */
  readonly declineFrom: number;
  /** Days in which the declining rate falls to a third. */
  readonly declineDays: number;
  /** Days until it sells about 95 % of its mature rate. */
  readonly rampDays: number;
  /** True mean units a day in the online shop: mature, at list price, averaged over week and year. */
  readonly baseRate: number;
  /** Size of the negative binomial: variance = mean + mean² / size. */
  readonly size: number;
  /** Growth a year, on the log scale. */
  readonly trend: number;
  /** Sudden lasting changes of level, on the log scale. */
  readonly shifts: readonly { readonly day: number; readonly size: number }[];
  /** Log lift on pay day; it fades over four days. */
  readonly payLift: number;
  /** Own-price elasticity, −0.5 … −4. */
  readonly elasticity: number;
  /** Elasticities of this product's demand to the prices of its family. */
  readonly cross: readonly { readonly product: number; readonly elasticity: number }[];
  /** Factor on demand while it is promoted, beyond what the lower price does. */
  readonly promotionLift: number;
  /** Share of demand missing on the first day after a promotion; it recovers evenly over `dipDays`. */
  readonly dip: number;
  readonly dipDays: number;
  /** Mean units of an order line. */
  readonly lineUnits: number;
  /** Usual days from an order at the supplier to its delivery. */
  readonly leadTime: number;
}

export const FAMILY_SIZE = 3;
const BRAND_PRICE = [0.88, 1, 1.22] as const;
const clamp = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);

/**
 * Makes `count` products for a shop with `days` days of history.
 * Each product has its own stream of randomness: product i is the same whatever the count,
 * save that the last family gains cross effects when it is completed.
 */
export function makeCatalogue(seed: number, count: number, days: number): Product[] {
  return Array.from({ length: count }, (_, i) => makeProduct(seed, i, count, days));
}

function makeProduct(seed: number, i: number, count: number, days: number): Product {
  const familyIndex = Math.floor(i / FAMILY_SIZE);
  const categoryIndex = familyIndex % CATEGORIES.length;
  const category = CATEGORIES[categoryIndex]!;
  const round = Math.floor(familyIndex / CATEGORIES.length);
  const item = category.items[round % category.items.length]!;
  const number = round * FAMILY_SIZE + (i % FAMILY_SIZE) + 1;
  const sku = `${category.prefix}-${String(number).padStart(3, '0')}`;
  const draw = random(seed, `product/${sku}`);
  const between = (low: number, high: number): number => low + (high - low) * draw.uniform();

  const variants = category.variants;
  const turn = Math.floor(round / category.items.length);
  const variant =
    variants[
      (2 * (round % category.items.length) + turn * FAMILY_SIZE + (i % FAMILY_SIZE)) % variants.length
    ]!;
  const edition = turn < 2 ? '' : `, no. ${turn}`;
  const tier = draw.below(3);
  const listPrice = charmPrice(item.price * BRAND_PRICE[tier]! * between(0.94, 1.06));

  // Rank and fate follow the R2 sequence (Roberts 2018), the golden ratio's two-dimensional kin: slow and fast
  // sellers, launches and deaths come in their due shares however many products there are.
  const rank = (0.5 + (i + 1) * 0.7548776662466927) % 1;
  const fate = (0.5 + (i + 1) * 0.5698402909980532) % 1;
  const wanted = category.popularity * 3.4 * Math.exp(1.55 * normalQuantile(rank)) * (20 / listPrice) ** 0.4;
  const baseRate = clamp(wanted * Math.exp(0.15 * draw.normal()), 0.05, 120);
  const size = baseRate < 0.4 ? between(0.25, 0.9) : baseRate < 3 ? between(1.5, 6) : between(6, 24);

  const fresh = fate < 0.25;
  const launch = Math.round(fresh ? days * between(0.08, 0.96) : -between(60, 1500));
  const declineFrom = Math.round(days * between(0.3, 0.75));
  const declineDays = Math.round(between(70, 160));
  const dies = fate > 0.85;
  const end = declineFrom + Math.round(declineDays * between(1.4, 2.2));
  // What would go within the planned weeks or later is still on sale when they end.
  const gone = dies && end < days ? end : Number.POSITIVE_INFINITY;

  const shiftCount = Math.min(2, draw.poisson(0.5));
  const shifts = Array.from({ length: shiftCount }, () => ({
    day: Math.round(between(0.1, 0.95) * days),
    size: (draw.uniform() < 0.5 ? -1 : 1) * between(0.15, 0.45),
  })).sort((a, b) => a.day - b.day);

  const elasticity = clamp(category.elasticity + 0.6 * draw.normal(), -4, -0.5);
  const first = familyIndex * FAMILY_SIZE;
  const cross = Array.from({ length: FAMILY_SIZE }, (_, k) => ({
    product: first + k,
    elasticity: between(0.08, 0.2) * -elasticity,
  })).filter(({ product }) => product !== i && product < count);

  return {
    sku,
    name: `${item.name}, ${variant}${edition}`,
    category: categoryIndex,
    family: `${category.prefix}-${String.fromCharCode(65 + (round % 26))}${round < 26 ? '' : Math.floor(round / 26)}`,
    brand: category.brands[tier]!,
    listPrice,
    cost: Math.round(listPrice * between(0.38, 0.58) * 100) / 100,
    launch,
    gone,
    declineFrom: dies ? declineFrom : Number.POSITIVE_INFINITY,
    declineDays,
    rampDays: Math.round(between(30, 110)),
    baseRate,
    size,
    trend: clamp(0.05 + 0.12 * draw.normal(), -0.25, 0.35),
    shifts,
    payLift: between(0.04, 0.16),
    elasticity,
    cross,
    promotionLift: between(1.1, 1.7),
    dip: between(0.08, 0.3),
    dipDays: 7 + draw.below(8),
    lineUnits: 1 + 0.5 * baseRate ** 0.6,
    leadTime: 3 + draw.below(16),
  };
}
