import { describe, expect, it } from 'vitest';
import { CATEGORIES } from '../../../src/collect/demo-shop/categories.ts';
import { simulateShop } from '../../../src/collect/demo-shop/shop.ts';
import { SEGMENTS } from '../../../src/collect/demo-shop/visitors.ts';
import { MS_PER_DAY } from '../../../src/core/calendar.ts';

// Many tracked customers, so that their visits can be counted on.
const shop = simulateShop({ tracked: 0.25, seed: 3 });
const { orders, sessions, calendar, customers, products, series, cells, offsets } = shop;
const dayOf = (ms: number): number => Math.floor(ms / MS_PER_DAY) - calendar.firstDay;
const lines = orders.time.length;
/** Reasons why something is wrong; the fast way to check every line. */
const complaints = (): { check: (fine: boolean, what: string) => void; list: string[] } => {
  const list: string[] = [];
  return { list, check: (fine, what) => void (fine || list.push(what)) };
};

describe('orders', () => {
  it('sum to the sales of each product, store and day, at the price of the day', () => {
    const { check, list } = complaints();
    const ordered = new Float64Array(cells.units.length);
    const index = new Map(series.map(({ store, product }, i) => [store * 1000 + product, i]));
    for (let line = 0; line < lines; line++) {
      if (orders.quantity[line]! < 0) continue;
      const i = index.get(orders.store[line]! * 1000 + orders.product[line]!)!;
      const cell = offsets[i]! + dayOf(orders.time[line]!) - series[i]!.first;
      ordered[cell]! += orders.quantity[line]!;
      check(orders.price[line] === cells.price[cell], `price of line ${line}`);
    }
    expect(list).toEqual([]);
    series.forEach(({ past }, i) => {
      const units = cells.units.subarray(offsets[i]!, offsets[i]! + past);
      expect(ordered.subarray(offsets[i]!, offsets[i]! + past)).toEqual(units);
    });
  });

  it('come back at most once, later, for no more than was bought, at the same price', () => {
    const { check, list } = complaints();
    const seen = new Set<number>();
    const bought = CATEGORIES.map(() => 0);
    const returned = CATEGORIES.map(() => 0);
    for (let line = 0; line < lines; line++) {
      const { category } = products[orders.product[line]!]!;
      const sale = orders.returnOf[line]!;
      if (sale < 0) {
        check(orders.quantity[line]! > 0, `quantity of line ${line}`);
        if (dayOf(orders.time[line]!) < calendar.days - 100) bought[category]!++;
        continue;
      }
      const back = -orders.quantity[line]!;
      check(!seen.has(sale), `line ${sale} comes back twice`);
      check(back > 0 && back <= orders.quantity[sale]!, `quantity of line ${line}`);
      for (const column of [orders.product, orders.customer, orders.store, orders.price]) {
        check(column[line] === column[sale], `line ${line} differs from its sale`);
      }
      check(dayOf(orders.time[line]!) - dayOf(orders.time[sale]!) >= 2, `line ${line} comes back at once`);
      seen.add(sale);
      if (dayOf(orders.time[sale]!) < calendar.days - 100) returned[category]!++;
    }
    expect(list).toEqual([]);
    CATEGORIES.forEach(({ returnRate }, c) => {
      const spread = Math.sqrt((returnRate * (1 - returnRate)) / bought[c]!);
      expect(Math.abs(returned[c]! / bought[c]! - returnRate)).toBeLessThan(4 * spread);
    });
  });

  it('have invoices of one customer, one store and one moment, each product once', () => {
    const { check, list } = complaints();
    let previous = -1;
    let inside = new Set<number>();
    for (let line = 0; line < lines; line++) {
      if (orders.invoice[line] === previous) {
        for (const column of [orders.time, orders.customer, orders.store]) {
          check(column[line] === column[line - 1], `line ${line} differs from its invoice`);
        }
        check(!inside.has(orders.product[line]!), `line ${line} repeats a product`);
      } else {
        check(orders.invoice[line] === previous + 1, `invoice of line ${line}`);
        previous = orders.invoice[line]!;
        inside = new Set();
      }
      inside.add(orders.product[line]!);
    }
    expect(list).toEqual([]);
  });

  it('come from people who are customers that day, and who come again', () => {
    const { check, list } = complaints();
    const visits = new Map<number, Set<number>>();
    const likes = { favourite: 0, all: 0 };
    for (let line = 0; line < lines; line++) {
      const who = orders.customer[line]!;
      if (who < 0) {
        check(!shop.stores[orders.store[line]!]!.online, `line ${line} is an online guest`);
        continue;
      }
      const customer = customers[who]!;
      if (orders.quantity[line]! > 0) {
        const day = dayOf(orders.time[line]!);
        check(day >= customer.joined && day < customer.left, `customer of line ${line}`);
        if (!visits.has(who)) visits.set(who, new Set());
        visits.get(who)!.add(orders.invoice[line]!);
        likes.all++;
        if (products[orders.product[line]!]!.category === customer.favourite) likes.favourite++;
      }
    }
    expect(list).toEqual([]);
    const counts = [...visits.values()].map((set) => set.size);
    const repeat = counts.filter((count) => count > 1).length / counts.length;
    expect(repeat).toBeGreaterThan(0.6);
    expect(repeat).toBeLessThan(0.9);
    // Chance alone would give one in eight.
    expect(likes.favourite / likes.all).toBeGreaterThan(0.25);
  });
});

describe('sessions', () => {
  const count = sessions.start.length;

  it('end in a purchase as often as their probabilities say, at every level', () => {
    const order = [...sessions.probability.keys()].sort(
      (a, b) => sessions.probability[a]! - sessions.probability[b]!,
    );
    expect(count).toBeGreaterThan(20_000);
    for (let decile = 0; decile < 10; decile++) {
      let expected = 0;
      let spread = 0;
      let bought = 0;
      for (const i of order.slice((decile * count) / 10, ((decile + 1) * count) / 10)) {
        const p = sessions.probability[i]!;
        expected += p;
        spread += p * (1 - p);
        if (sessions.invoice[i]! >= 0) bought++;
      }
      expect(Math.abs(bought - expected)).toBeLessThan(4 * Math.sqrt(spread));
    }
  });

  it('convert by segment as the intents are ordered', () => {
    const bought = SEGMENTS.map(() => 0);
    const visits = SEGMENTS.map(() => 0);
    const expected = SEGMENTS.map(() => 0);
    for (let i = 0; i < count; i++) {
      const { segment } = customers[sessions.customer[i]!]!;
      visits[segment]!++;
      expected[segment]! += sessions.probability[i]!;
      if (sessions.invoice[i]! >= 0) bought[segment]!++;
    }
    const rate = (name: string): number => {
      const s = SEGMENTS.findIndex((segment) => segment.name === name);
      expect(Math.abs(bought[s]! - expected[s]!)).toBeLessThan(4 * Math.sqrt(expected[s]!));
      return bought[s]! / visits[s]!;
    };
    expect(rate('loyal')).toBeGreaterThan(rate('regular'));
    expect(rate('regular')).toBeGreaterThan(rate('browser'));
    expect(rate('gift')).toBeGreaterThan(rate('browser'));
    expect(rate('browser')).toBeLessThan(0.08);
  });

  it('belong to tracked customers, and each of their online orders has one', () => {
    expect(sessions.customer.every((who) => customers[who]!.tracked)).toBe(true);
    const online = new Set<number>();
    for (let line = 0; line < lines; line++) {
      const who = customers[orders.customer[line]!];
      if (orders.store[line] === 0 && orders.returnOf[line]! < 0 && who?.tracked)
        online.add(orders.invoice[line]!);
    }
    const linked = sessions.invoice.filter((invoice) => invoice >= 0);
    expect(new Set(linked)).toEqual(online);
    expect(linked.length).toBe(online.size);
  });

  it('buy exactly what their order holds, after viewing and carting', () => {
    const { check, list } = complaints();
    const basket = new Map<number, number[]>();
    const time = new Map<number, number>();
    for (let line = 0; line < lines; line++) {
      const invoice = orders.invoice[line]!;
      if (!basket.has(invoice)) basket.set(invoice, []);
      basket.get(invoice)!.push(orders.product[line]!);
      time.set(invoice, orders.time[line]!);
    }
    for (let i = 0; i < count; i++) {
      const bought: number[] = [];
      const carted = new Set<number>();
      let last = sessions.start[i]!;
      for (let k = sessions.offsets[i]!; k < sessions.offsets[i + 1]!; k++) {
        check(sessions.time[k]! >= last, `events of session ${i}`);
        last = sessions.time[k]!;
        if (sessions.event[k] === 1) carted.add(sessions.product[k]!);
        if (sessions.event[k] === 2) {
          check(carted.has(sessions.product[k]!), `cart of session ${i}`);
          bought.push(sessions.product[k]!);
        }
      }
      const invoice = sessions.invoice[i]!;
      const held = invoice < 0 ? [] : basket.get(invoice)!;
      check(bought.join() === held.join(), `purchase of session ${i}`);
      check(invoice < 0 || time.get(invoice) === last, `time of session ${i}`);
      check(dayOf(last) === dayOf(sessions.start[i]!), `midnight in session ${i}`);
    }
    expect(list).toEqual([]);
  });

  it('often put in the cart what is then left there', () => {
    let abandoned = 0;
    let carts = 0;
    for (let i = 0; i < count; i++) {
      const events = sessions.event.slice(sessions.offsets[i]!, sessions.offsets[i + 1]!);
      if (!events.includes(1)) continue;
      carts++;
      if (sessions.invoice[i]! < 0) abandoned++;
    }
    expect(abandoned / carts).toBeGreaterThan(0.3);
    expect(abandoned / carts).toBeLessThan(0.8);
  });
});
