// What kind of number a column holds: it decides which features are made of it.
import type { Column } from '../core/panel.ts';

export type ColumnKind = 'category' | 'flag' | 'price' | 'number';

const PRICE = /price|preis|prix|precio|cost\b/i;

/** Prices are told by their names and are above 0; flags hold nothing but 0 and 1. */
export function kindOf({ name, levels, values }: Column): ColumnKind {
  if (levels) return 'category';
  if (PRICE.test(name) && values.every((v) => Number.isNaN(v) || v > 0)) return 'price';
  return values.every((v) => Number.isNaN(v) || v === 0 || v === 1) ? 'flag' : 'number';
}
