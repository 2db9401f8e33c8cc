// The stores: one online shop and its outlets, each with its own week.
import { random } from '../../core/random.ts';
import type { ShopCalendar } from './calendar.ts';

export interface Store {
  readonly id: string;
  readonly online: boolean;
  /** First day of the shop's calendar on which it sells; 0 where it was there before the data begins. */
  readonly opened: number;
  /** Multiplier of each weekday (0 Monday … 6 Sunday): 0 where shut, with mean 1 over the days it is open. */
  readonly week: Float64Array;
  /** Its usual sales of a product, as a share of the online shop's. */
  readonly share: number;
  /** Share of the catalogue that it carries. */
  readonly range: number;
}

const ONLINE_WEEK = [1.16, 1.06, 1.0, 0.97, 0.88, 0.82, 1.11];
const OUTLET_WEEK = [0.7, 0.74, 0.82, 0.92, 1.18, 1.64, 0];
const NAMES = ['harbour', 'market', 'mill', 'abbey', 'station', 'orchard'];

function week(shares: readonly number[]): Float64Array {
  const open = shares.filter((share) => share > 0);
  const mean = open.reduce((sum, share) => sum + share, 0) / open.length;
  return Float64Array.from(shares, (share) => share / mean);
}

/** The first store is the online shop; every second outlet opens while the data already runs. */
export function makeStores(count: number, days: number): Store[] {
  return Array.from({ length: count }, (_, i) => ({
    id: i === 0 ? 'online' : (NAMES[i - 1] ?? `outlet-${i}`),
    online: i === 0,
    opened: i > 0 && i % 2 === 0 ? Math.round(days * 0.45) : 0,
    week: week(i === 0 ? ONLINE_WEEK : OUTLET_WEEK),
    share: i === 0 ? 1 : 0.45 - 0.1 * ((i - 1) % 3),
    range: i === 0 ? 1 : 0.12,
  }));
}

/** Whether a store carries a product, and its sales of it as a share of the online shop's (0: not carried). */
export function shareOf(seed: number, store: Store, sku: string): number {
  if (store.online) return store.share;
  const draw = random(seed, `range/${store.id}/${sku}`);
  return draw.uniform() < store.range ? store.share * Math.exp(0.3 * draw.normal()) : 0;
}

/** Whether a store sells on day t. */
export const isOpen = (store: Store, calendar: ShopCalendar, t: number): boolean =>
  t >= store.opened && calendar.shut[t] === 0 && store.week[calendar.weekday[t]!]! > 0;
