// Visits to the online shop: what is looked at, put in the cart and bought, with the true chance of a purchase.
import type { Random } from '../../core/random.ts';
import type { Product } from './catalogue.ts';
import { type Crowd, type Customer, GIFT_SEASON, logistic } from './visitors.ts';

export const EVENTS = ['view', 'cart', 'purchase'] as const;
/** Channels and devices: share of the visits and effect on the log odds of a purchase. */
export const CHANNELS = [
  { name: 'search', share: 0.3, effect: 0 },
  { name: 'direct', share: 0.26, effect: 0.3 },
  { name: 'social', share: 0.18, effect: -0.6 },
  { name: 'email', share: 0.15, effect: 0.5 },
  { name: 'ads', share: 0.11, effect: -0.2 },
] as const;
export const DEVICES = [
  { name: 'mobile', share: 0.58, effect: -0.35 },
  { name: 'desktop', share: 0.36, effect: 0.3 },
  { name: 'tablet', share: 0.06, effect: 0 },
] as const;
/** Effect of each product view beyond the fourth, up to the tenth (fewer than four count against). */
const VIEW_EFFECT = 0.18;
/** Effect of a visit within the three days before. */
const RETURN_EFFECT = 0.7;

/** Recorded visits in order of their start; one value a visit. */
export interface Sessions {
  readonly customer: number[];
  /** Epoch milliseconds. */
  readonly start: number[];
  /** Indices into CHANNELS and DEVICES. */
  readonly channel: number[];
  readonly device: number[];
  /** True probability that the visit ends in a purchase, given all that precedes it. */
  readonly probability: number[];
  /** Index of the invoice it ended in; −1 where nothing was bought. */
  readonly invoice: number[];
  /** Session i owns the events offsets[i] … offsets[i + 1] − 1. */
  readonly offsets: number[];
  /** Index into EVENTS, product and epoch milliseconds; one value an event. */
  readonly event: number[];
  readonly product: number[];
  readonly time: number[];
}

/** A visit of today, before it is put in order. */
export interface Visit {
  readonly customer: number;
  readonly channel: number;
  readonly device: number;
  readonly views: number;
  readonly probability: number;
  readonly buys: boolean;
  start: number;
  invoice: number;
  readonly event: number[];
  readonly product: number[];
  readonly time: number[];
}

/** What a visitor finds on one day. */
export interface Shelf {
  readonly day: number;
  /** True online demand rate of each product; 0 where it is not for sale. */
  readonly appeal: Float64Array;
  /** Share of the products for sale that are on promotion. */
  readonly dealShare: number;
  /** Factor on visits by segment, at most GIFT_SEASON. */
  readonly rush: readonly number[];
}

function pick(shares: readonly { readonly share: number }[], u: number): number {
  let rest = u;
  for (let i = 0; i < shares.length - 1; i++) {
    rest -= shares[i]!.share;
    if (rest < 0) return i;
  }
  return shares.length - 1;
}

/**
 * Draws visits of tracked customers one after the other. Whether a visit ends in a purchase is a coin with
 * the visit's own probability; a day of orders takes as many visits as it needs to find its buyers. The visits
 * therefore form one endless sequence cut into days, and the probabilities stay true (a stopped martingale).
 */
export function visits(
  draw: Random,
  customers: readonly Customer[],
  crowd: Crowd,
): (shelf: Shelf) => Visit | undefined {
  const lastVisit = new Int32Array(customers.length).fill(-1000);
  return ({ day, dealShare, rush }) => {
    let who = crowd.visitors.draw(draw);
    while (who >= 0 && draw.uniform() * GIFT_SEASON > rush[customers[who]!.segment]!) {
      who = crowd.visitors.draw(draw);
    }
    if (who < 0) return undefined;
    const customer = customers[who]!;
    const channel = pick(CHANNELS, draw.uniform());
    const device = pick(DEVICES, draw.uniform());
    const views = Math.min(25, 1 + draw.negativeBinomial(2.6, 1.2));
    const probability = logistic(
      customer.intent +
        customer.dealLove * dealShare +
        CHANNELS[channel]!.effect +
        DEVICES[device]!.effect +
        VIEW_EFFECT * (Math.min(views, 10) - 4) +
        (day - lastVisit[who]! <= 3 ? RETURN_EFFECT : 0),
    );
    lastVisit[who] = day;
    const buys = draw.uniform() < probability;
    return {
      customer: who,
      channel,
      device,
      views,
      probability,
      buys,
      start: 0,
      invoice: -1,
      event: [],
      product: [],
      time: [],
    };
  };
}

/**
 * Writes the events of a visit that starts at `start` (epoch milliseconds): product views, then carts, then the
 * purchase of the `basket` (empty where nothing is bought). Returns when the last event happened.
 */
export function recordEvents(
  draw: Random,
  visit: Visit,
  start: number,
  basket: readonly number[],
  taste: Float64Array,
  products: readonly Product[],
  shelf: Shelf,
): number {
  visit.start = start;
  let now = start;
  const push = (event: number, product: number, seconds: number): void => {
    now += 1000 * Math.round(seconds);
    visit.event.push(event);
    visit.product.push(product);
    visit.time.push(now);
  };
  const inCart = new Set<number>();
  let previous = -1;
  for (let k = 0; k < visit.views; k++) {
    // Of what is bought, as much is looked at first as there are views; the rest comes from lists.
    const wanted = basket.length > 0 && k >= visit.views - basket.length;
    const product = wanted ? basket[visit.views - 1 - k]! : glance(draw, previous, taste, products, shelf);
    if (product < 0) break;
    push(0, product, k === 0 ? 0 : 8 + 45 * draw.gamma(1));
    previous = product;
    if (wanted) {
      push(1, product, 4 + 10 * draw.gamma(1));
      inCart.add(product);
    } else if (!visit.buys && k === visit.views - 1 && draw.uniform() < 0.05 + 1.6 * visit.probability) {
      push(1, product, 4 + 10 * draw.gamma(1));
    }
  }
  for (const product of basket) if (!inCart.has(product)) push(1, product, 4 + 10 * draw.gamma(1));
  basket.forEach((product, k) => {
    push(2, product, k === 0 ? 30 + 60 * draw.gamma(2) : 0);
  });
  return now;
}

/** The next product looked at: often a sibling of the last one, else by taste and by how much it is wanted. */
function glance(
  draw: Random,
  previous: number,
  taste: Float64Array,
  products: readonly Product[],
  { appeal }: Shelf,
): number {
  if (previous >= 0 && draw.uniform() < 0.35) {
    const siblings = products[previous]!.cross;
    const sibling = siblings.length === 0 ? -1 : siblings[draw.below(siblings.length)]!.product;
    if (sibling >= 0 && appeal[sibling]! > 0) return sibling;
  }
  // The square root keeps a best-seller from filling every visit.
  let total = 0;
  for (let i = 0; i < products.length; i++) total += taste[products[i]!.category]! * Math.sqrt(appeal[i]!);
  if (total === 0) return -1;
  let rest = draw.uniform() * total;
  for (let i = 0; i < products.length; i++) {
    rest -= taste[products[i]!.category]! * Math.sqrt(appeal[i]!);
    if (rest < 0 && appeal[i]! > 0) return i;
  }
  return appeal.findLastIndex((value) => value > 0);
}

export function emptySessions(): Sessions {
  return {
    customer: [],
    start: [],
    channel: [],
    device: [],
    probability: [],
    invoice: [],
    offsets: [0],
    event: [],
    product: [],
    time: [],
  };
}

/** Appends the visits of one day in order of their start. */
export function appendVisits(sessions: Sessions, today: readonly Visit[]): void {
  for (const visit of [...today].sort((a, b) => a.start - b.start)) {
    sessions.customer.push(visit.customer);
    sessions.start.push(visit.start);
    sessions.channel.push(visit.channel);
    sessions.device.push(visit.device);
    sessions.probability.push(visit.probability);
    sessions.invoice.push(visit.invoice);
    for (let k = 0; k < visit.event.length; k++) {
      sessions.event.push(visit.event[k]!);
      sessions.product.push(visit.product[k]!);
      sessions.time.push(visit.time[k]!);
    }
    sessions.offsets.push(sessions.event.length);
  }
}
