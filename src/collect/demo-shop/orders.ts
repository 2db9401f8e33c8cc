// Orders: every unit sold becomes part of an order line of some customer, and some lines come back.
import { MS_PER_DAY } from '../../core/calendar.ts';
import { type Random, random } from '../../core/random.ts';
import { type Basket, pool } from './baskets.ts';
import type { ShopCalendar } from './calendar.ts';
import type { Product } from './catalogue.ts';
import { CATEGORIES } from './categories.ts';
import {
  appendVisits,
  emptySessions,
  recordEvents,
  type Sessions,
  type Shelf,
  type Visit,
  visits,
} from './sessions.ts';
import { isOpen, type Store } from './stores.ts';
import { type Customer, crowd, GIFT_SEASON, SEGMENTS } from './visitors.ts';

/** Order lines in order of time; one value a line. Lines of one invoice follow each other. */
export interface Orders {
  /** Running number of the invoice from 0; returns have invoices of their own. */
  readonly invoice: number[];
  /** Epoch milliseconds. */
  readonly time: number[];
  /** Index into customers; −1 for a guest at an outlet. */
  readonly customer: number[];
  readonly product: number[];
  readonly store: number[];
  /** Units; negative where they came back. */
  readonly quantity: number[];
  readonly price: number[];
  /** For a return: the line that is returned; else −1. */
  readonly returnOf: number[];
}

/** What the orders are made from. */
export interface Sales {
  readonly products: readonly Product[];
  readonly stores: readonly Store[];
  readonly customers: readonly Customer[];
  readonly calendar: ShopCalendar;
  /** Units of a product sold by a store on a day. */
  readonly units: (store: number, product: number, t: number) => number;
  readonly price: (product: number, t: number) => number;
  readonly onPromotion: (product: number, t: number) => boolean;
  /** True online demand rate. */
  readonly rate: (product: number, t: number) => number;
}

/** Share of outlet orders without a customer's name, and the mean lines of those beyond the first. */
const GUEST_SHARE = 0.55;
const GUEST_EXTRA_LINES = 0.7;
const GUEST_TASTE = new Float64Array(CATEGORIES.length).fill(1);
/** Relative orders by hour of the day: online peaks in the evening, outlets at noon. */
const ONLINE_HOURS = [2, 1, 1, 0, 0, 1, 2, 4, 6, 8, 9, 9, 10, 9, 8, 8, 8, 9, 11, 14, 17, 16, 10, 4];
const OUTLET_HOURS = [0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 8, 11, 13, 11, 10, 10, 9, 6, 0, 0, 0, 0, 0, 0];
/** Nobody starts a visit later, so that a visit and its order share a date. */
const LAST_START = 1000 * (22 * 3600 + 45 * 60);
/** Share of returns that send back the whole line. */
const WHOLE_RETURNS = 0.8;

/** An order of today, before it is put in order of time. */
interface Draft extends Basket {
  time: number;
  readonly store: number;
  readonly customer: number;
  readonly visit: Visit | undefined;
  readonly returnOf: number;
}

/** Milliseconds since midnight; never midnight itself. */
function timeOfDay(draw: Random, hours: readonly number[]): number {
  let rest = draw.uniform() * hours.reduce((sum, share) => sum + share, 0);
  let hour = 0;
  while (rest >= hours[hour]!) rest -= hours[hour++]!;
  return 1000 * (hour * 3600 + 1 + draw.below(3599));
}

/** Failures before the first success, with the given mean. */
const geometric = (draw: Random, mean: number): number =>
  Math.floor(Math.log(1 - draw.uniform()) / Math.log(mean / (1 + mean)));

/** Deals out every unit sold into order lines, and records the visits of tracked customers. */
export function makeOrders(seed: number, sales: Sales): { orders: Orders; sessions: Sessions } {
  const { products, stores, customers, calendar } = sales;
  const draw = random(seed, 'orders');
  const visitDraw = random(seed, 'sessions');
  const people = crowd(customers, calendar.days);
  const nextVisit = visits(visitDraw, customers, people);
  const lines = pool(draw, products);
  const orders = emptyOrders();
  const sessions = emptySessions();
  const due: number[][] = Array.from({ length: calendar.days }, () => []);
  let invoice = 0;

  for (let t = 0; t < calendar.days; t++) {
    people.moveTo(t);
    const midnight = (calendar.firstDay + t) * MS_PER_DAY;
    const shelf = shelfOf(sales, t);
    const today: Visit[] = [];
    const drafts = due[t]!.map((line) => returned(draw, orders, line, midnight));

    /** Adds a visit with its events; returns when it ended. */
    const record = (visit: Visit, bought: readonly number[]): number => {
      const start = midnight + Math.min(timeOfDay(visitDraw, ONLINE_HOURS), LAST_START);
      today.push(visit);
      return recordEvents(visitDraw, visit, start, bought, customers[visit.customer]!.taste, products, shelf);
    };
    /** The next visit of a tracked customer that ends in a purchase; those before it are recorded. */
    const nextPurchase = (): Visit | undefined => {
      for (;;) {
        const visit = nextVisit(shelf);
        if (visit === undefined || visit.buys) return visit;
        record(visit, []);
      }
    };
    const buyer = (): number => {
      for (;;) {
        const who = people.buyers.draw(draw);
        if (who < 0 || draw.uniform() * GIFT_SEASON <= shelf.rush[customers[who]!.segment]!) return who;
      }
    };

    stores.forEach(({ online }, store) => {
      let left = lines.fill((product) => sales.units(store, product, t));
      while (left > 0) {
        let customer = !online && draw.uniform() < GUEST_SHARE ? -1 : buyer();
        // An online order of a tracked customer goes to whichever of them buys next.
        const visit = online && customers[customer]?.tracked ? nextPurchase() : undefined;
        if (visit !== undefined) customer = visit.customer;
        const who = customers[customer];
        const extra = who === undefined ? GUEST_EXTRA_LINES : SEGMENTS[who.segment]!.extraLines;
        const basket: Basket = { products: [], quantities: [] };
        let last = -1;
        for (let wanted = 1 + geometric(draw, extra); wanted > 0 && left > 0; wanted--, left--) {
          last = lines.take(basket, who?.taste ?? GUEST_TASTE, last);
        }
        const time =
          visit === undefined
            ? midnight + timeOfDay(draw, online ? ONLINE_HOURS : OUTLET_HOURS)
            : record(visit, basket.products);
        drafts.push({ ...basket, time, store, customer, visit, returnOf: -1 });
      }
    });

    drafts.sort((a, b) => a.time - b.time);
    for (const draft of drafts) {
      if (draft.visit !== undefined) draft.visit.invoice = invoice;
      const first = orders.time.length;
      append(orders, draft, invoice++, (product) => sales.price(product, t));
      if (draft.returnOf >= 0) continue;
      for (let line = first; line < orders.time.length; line++) {
        due[returnDay(draw, sales, orders, line, t)]?.push(line);
      }
    }
    appendVisits(sessions, today);
  }
  return { orders, sessions };
}

function emptyOrders(): Orders {
  return {
    invoice: [],
    time: [],
    customer: [],
    product: [],
    store: [],
    quantity: [],
    price: [],
    returnOf: [],
  };
}

function append(orders: Orders, draft: Draft, invoice: number, price: (product: number) => number): void {
  draft.products.forEach((product, k) => {
    orders.invoice.push(invoice);
    orders.time.push(draft.time);
    orders.customer.push(draft.customer);
    orders.product.push(product);
    orders.store.push(draft.store);
    orders.quantity.push(draft.quantities[k]!);
    orders.price.push(draft.returnOf < 0 ? price(product) : orders.price[draft.returnOf]!);
    orders.returnOf.push(draft.returnOf);
  });
}

/** The day on which a line bought on day t comes back: two weeks later on average; −1 where it is kept. */
function returnDay(draw: Random, sales: Sales, orders: Orders, line: number, t: number): number {
  const { category } = sales.products[orders.product[line]!]!;
  if (draw.uniform() >= CATEGORIES[category]!.returnRate) return -1;
  const store = sales.stores[orders.store[line]!]!;
  let day = t + 2 + Math.floor(6 * draw.gamma(2));
  while (day < sales.calendar.days && !isOpen(store, sales.calendar, day)) day++;
  return day;
}

function returned(draw: Random, orders: Orders, line: number, midnight: number): Draft {
  const bought = orders.quantity[line]!;
  return {
    products: [orders.product[line]!],
    quantities: [draw.uniform() < WHOLE_RETURNS ? -bought : -1 - draw.below(bought)],
    time: midnight + timeOfDay(draw, OUTLET_HOURS),
    store: orders.store[line]!,
    customer: orders.customer[line]!,
    visit: undefined,
    returnOf: line,
  };
}

function shelfOf(sales: Sales, t: number): Shelf {
  const appeal = Float64Array.from(sales.products, (_, p) => sales.rate(p, t));
  let forSale = 0;
  let deals = 0;
  appeal.forEach((rate, p) => {
    if (rate > 0) forSale++;
    if (rate > 0 && sales.onPromotion(p, t)) deals++;
  });
  // Some segments come for gifts, from 12 November to 24 December.
  const place = sales.calendar.dayOfYear[t]!;
  const gifts = place >= 316 && place <= 358;
  const rush = SEGMENTS.map(({ giftSeason }) => (gifts ? giftSeason : 1));
  return { day: t, appeal, dealShare: forSale > 0 ? deals / forSale : 0, rush };
}
