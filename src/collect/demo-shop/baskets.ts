// Baskets: a day's sales of a store, cut into lines and dealt out by the taste of who is buying.
import type { Random } from '../../core/random.ts';
import type { Product } from './catalogue.ts';
import { CATEGORIES } from './categories.ts';

/** Products and units of one order; each product once. */
export interface Basket {
  readonly products: number[];
  readonly quantities: number[];
}

/** The lines of a day that nobody has bought yet. */
export interface Pool {
  /** Cuts the units of each product into lines and adds them; returns how many lines there are. */
  fill(units: (product: number) => number): number;
  /** Moves one line into the basket, by taste; `last` is the category of the line before (−1: none). Returns its category. */
  take(basket: Basket, taste: Float64Array, last: number): number;
}

/** A basket goes on in the category of its last line more often than taste alone says, by this factor. */
const SAME_CATEGORY = 2.5;

/** Units of the next line of a product of which `rest` are left: geometric with the given mean, at most the rest. */
function lineQuantity(draw: Random, mean: number, rest: number): number {
  return Math.min(rest, 1 + Math.floor(Math.log(1 - draw.uniform()) / Math.log(1 - 1 / mean)));
}

export function pool(draw: Random, products: readonly Product[]): Pool {
  const names: number[][] = CATEGORIES.map(() => []);
  const counts: number[][] = CATEGORIES.map(() => []);
  const weights = new Float64Array(CATEGORIES.length);

  return {
    fill(units) {
      let lines = 0;
      products.forEach(({ category, lineUnits }, product) => {
        for (let rest = units(product); rest > 0; lines++) {
          const quantity = lineQuantity(draw, lineUnits, rest);
          names[category]!.push(product);
          counts[category]!.push(quantity);
          rest -= quantity;
        }
      });
      return lines;
    },
    take(basket, taste, last) {
      let total = 0;
      for (let c = 0; c < weights.length; c++) {
        weights[c] = names[c]!.length * taste[c]! * (c === last ? SAME_CATEGORY : 1);
        total += weights[c]!;
      }
      let rest = draw.uniform() * total;
      let category = 0;
      while (category < weights.length - 1 && rest >= weights[category]!) rest -= weights[category++]!;
      // Rounding may run past the last category that has lines.
      while (names[category]!.length === 0) category = (category + weights.length - 1) % weights.length;

      const there = names[category]!;
      const many = counts[category]!;
      const at = draw.below(there.length);
      const product = there[at]!;
      const quantity = many[at]!;
      there[at] = there[there.length - 1]!;
      many[at] = many[many.length - 1]!;
      there.pop();
      many.pop();
      const same = basket.products.indexOf(product);
      if (same < 0) {
        basket.products.push(product);
        basket.quantities.push(quantity);
      } else {
        basket.quantities[same]! += quantity;
      }
      return category;
    },
  };
}
