// The customers: hidden segments, tastes and purchase intents, and who is still a customer today.
import { random } from '../../core/random.ts';
import { CATEGORIES } from './categories.ts';
import { type WeightedDraw, weightedDraw } from './weighted-draw.ts';

export interface Segment {
  readonly name: string;
  /** Share of the customers. */
  readonly share: number;
  /** Visits relative to other segments. */
  readonly visits: number;
  /** Mean log odds that a visit ends in a purchase, before the visit's own circumstances. */
  readonly intent: number;
  /** How much the log odds rise when the whole shop is on offer. */
  readonly dealLove: number;
  /** Mean days until they shop elsewhere for good. */
  readonly stay: number;
  /** Mean order lines beyond the first. */
  readonly extraLines: number;
  /** Factor on visits in the six weeks before Christmas; at most GIFT_SEASON. */
  readonly giftSeason: number;
}

export const GIFT_SEASON = 3;
export const SEGMENTS: readonly Segment[] = [
  {
    name: 'loyal',
    share: 0.12,
    visits: 3,
    intent: -2.3,
    dealLove: 0.5,
    stay: 1100,
    extraLines: 2,
    giftSeason: 1.2,
  },
  {
    name: 'regular',
    share: 0.33,
    visits: 1,
    intent: -2.9,
    dealLove: 1,
    stay: 700,
    extraLines: 1.5,
    giftSeason: 1.2,
  },
  {
    name: 'bargain',
    share: 0.2,
    visits: 1.2,
    intent: -3.8,
    dealLove: 4,
    stay: 600,
    extraLines: 1.4,
    giftSeason: 1,
  },
  {
    name: 'gift',
    share: 0.15,
    visits: 0.6,
    intent: -2.6,
    dealLove: 0.5,
    stay: 900,
    extraLines: 0.8,
    giftSeason: 3,
  },
  {
    name: 'browser',
    share: 0.2,
    visits: 2,
    intent: -4.4,
    dealLove: 1,
    stay: 400,
    extraLines: 0.5,
    giftSeason: 1,
  },
];

export interface Customer {
  /** Index into SEGMENTS. */
  readonly segment: number;
  /** First day as a customer, and the first day no longer one; days of the shop's calendar. */
  readonly joined: number;
  readonly left: number;
  /** Relative rate of visits. */
  readonly visits: number;
  /** Log odds that a usual visit ends in a purchase. */
  readonly intent: number;
  readonly dealLove: number;
  /** The categories liked most and second most. */
  readonly favourite: number;
  readonly second: number;
  /** Relative liking of each category. */
  readonly taste: Float64Array;
  /** Whether the shop may record this customer's visits. */
  readonly tracked: boolean;
}

/** Draws `count` customers for `days` days; a share `tracked` of them lets the shop record its visits. */
export function makeCustomers(seed: number, count: number, days: number, tracked: number): Customer[] {
  return Array.from({ length: count }, (_, i) => {
    const draw = random(seed, `customer/${i}`);
    let pick = draw.uniform();
    let segment = 0;
    while (segment < SEGMENTS.length - 1 && pick >= SEGMENTS[segment]!.share) {
      pick -= SEGMENTS[segment]!.share;
      segment++;
    }
    const { visits, intent, dealLove, stay } = SEGMENTS[segment]!;
    const joined = draw.uniform() < 0.4 ? -draw.below(700) : draw.below(days);
    const favourite = draw.below(CATEGORIES.length);
    const second = (favourite + 1 + draw.below(CATEGORIES.length - 1)) % CATEGORIES.length;
    const taste = new Float64Array(CATEGORIES.length).fill(1);
    taste[favourite] = 7;
    taste[second] = 3;
    return {
      segment,
      joined,
      // An exponential stay has no memory, so those who joined before the data begins start afresh.
      left: Math.max(joined, 0) + Math.ceil(stay * draw.gamma(1)),
      visits: visits * draw.gamma(1.1),
      intent: intent + 0.5 * draw.normal(),
      dealLove,
      favourite,
      second,
      taste,
      tracked: draw.uniform() < tracked,
    };
  });
}

export const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** Who is a customer on the day the crowd was last moved to. */
export interface Crowd {
  /** Everyone, weighted by orders: visits times the chance that a usual visit ends in one. */
  readonly buyers: WeightedDraw;
  /** Tracked customers, weighted by visits. */
  readonly visitors: WeightedDraw;
  /** Lets join and leave those whose day has come. Days are to be visited in order, from 0. */
  moveTo(day: number): void;
}

export function crowd(customers: readonly Customer[], days: number): Crowd {
  const buyers = weightedDraw(customers.length);
  const visitors = weightedDraw(customers.length);
  const joins: number[][] = Array.from({ length: days }, () => []);
  const leaves: number[][] = Array.from({ length: days }, () => []);
  customers.forEach(({ joined, left }, i) => {
    joins[Math.max(0, joined)]?.push(i);
    leaves[left]?.push(i);
  });
  return {
    buyers,
    visitors,
    moveTo(day) {
      for (const i of joins[day]!) {
        const { visits, intent, tracked } = customers[i]!;
        buyers.set(i, visits * logistic(intent));
        if (tracked) visitors.set(i, visits);
      }
      for (const i of leaves[day]!) {
        buyers.set(i, 0);
        visitors.set(i, 0);
      }
    },
  };
}
