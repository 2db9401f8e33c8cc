import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAMILY_SIZE, makeCatalogue } from '../../../src/collect/demo-shop/catalogue.ts';
import { CATEGORIES } from '../../../src/collect/demo-shop/categories.ts';
import { charmPrice } from '../../../src/collect/demo-shop/prices.ts';
import { rateAtPrice, type Shop, simulateShop } from '../../../src/collect/demo-shop/shop.ts';
import { MS_PER_DAY } from '../../../src/core/calendar.ts';
import { UsageError } from '../../../src/core/errors.ts';
import { sum } from '../../../src/math/statistics.ts';

const shop = simulateShop();
const unitsOf = (some: Shop, id: string): Float64Array => {
  const i = some.series.findIndex(({ unique_id }) => unique_id === id);
  return some.cells.units.slice(some.offsets[i]!, some.offsets[i]! + some.series[i]!.past);
};

describe('the default shop', () => {
  it('keeps its fingerprint', () => {
    expect({
      series: shop.series.length,
      cells: shop.cells.price.length,
      units: sum(shop.cells.units),
      demand: sum(shop.cells.demand),
      lines: shop.orders.time.length,
      customers: shop.customers.length,
      sessions: shop.sessions.start.length,
      events: shop.sessions.event.length,
    }).toMatchInlineSnapshot(`
      {
        "cells": 59635,
        "customers": 9853,
        "demand": 538117,
        "events": 43049,
        "lines": 135917,
        "series": 75,
        "sessions": 9670,
        "units": 492508,
      }
    `);
    expect(sum(shop.cells.rate)).toBeCloseTo(538799.5312, 3);
  });

  it('has slow and fast sellers, launches and deaths, in several categories', () => {
    const rates = shop.products.map(({ baseRate }) => baseRate);
    expect(Math.min(...rates)).toBeLessThan(0.15);
    expect(Math.max(...rates)).toBeGreaterThanOrEqual(100);
    expect(rates.filter((rate) => rate < 1).length).toBeGreaterThan(10);
    expect(rates.filter((rate) => rate > 10).length).toBeGreaterThan(10);
    const launched = shop.products.filter(({ launch }) => launch > 0).length;
    const gone = shop.products.filter((product) => product.gone < shop.calendar.days).length;
    expect(launched).toBeGreaterThanOrEqual(12);
    expect(launched).toBeLessThanOrEqual(18);
    expect(gone).toBeGreaterThanOrEqual(5);
    expect(new Set(shop.products.map(({ category }) => category)).size).toBe(CATEGORIES.length);
  });

  it('names every product once', () => {
    expect(new Set(shop.products.map(({ sku }) => sku)).size).toBe(60);
    const many = makeCatalogue(1, 1200, 912);
    expect(new Set(many.map(({ sku }) => sku)).size).toBe(1200);
    expect(new Set(many.map(({ name }) => name)).size).toBe(1200);
  });

  it('asks shelf prices above cost', () => {
    for (const product of shop.products) expect(product.cost).toBeLessThan(product.listPrice * 0.6);
    const endings = new Set(Array.from(shop.cells.price, (price) => price.toFixed(2).slice(-3)));
    expect([...endings].sort()).toEqual(['.49', '.95', '.99']);
  });

  it('marks promotions by lower prices', () => {
    let promoted = 0;
    let wrong = 0;
    shop.series.forEach(({ first, product }, i) => {
      for (let k = shop.offsets[i]! + 1; k < shop.offsets[i + 1]!; k++) {
        const day = first + k - shop.offsets[i]!;
        const promotion = shop.promotions[shop.cells.promotion[k]!];
        if (promotion === undefined) continue;
        promoted++;
        const begins = shop.cells.promotion[k - 1]! < 0;
        const cheaper = shop.cells.price[k]! < shop.cells.price[k - 1]!;
        if (promotion.product !== product || day < promotion.from || day > promotion.to) wrong++;
        if (begins && !cheaper) wrong++;
      }
    });
    expect(wrong).toBe(0);
    expect(promoted / shop.cells.price.length).toBeGreaterThan(0.08);
  });

  it('plans prices and promotions of the future, and knows nothing else of it', () => {
    let planned = 0;
    let told = 0;
    shop.series.forEach(({ past, product }, i) => {
      const from = shop.offsets[i]! + past;
      const to = shop.offsets[i + 1]!;
      expect(to - from).toBe(shop.products[product]!.gone < shop.calendar.days ? 0 : 56);
      for (let k = from; k < to; k++) {
        const unknown = Number.isNaN(shop.cells.units[k]!) && Number.isNaN(shop.cells.closing[k]!);
        if (!unknown || !(shop.cells.price[k]! > 0)) told++;
        if (shop.cells.promotion[k]! >= 0) planned++;
      }
    });
    expect(told).toBe(0);
    expect(planned).toBeGreaterThan(100);
  });

  it('answers what another price would have done', () => {
    const i = 0;
    const { first, product } = shop.series[i]!;
    const day = first + 40;
    const cell = shop.offsets[i]! + 40;
    const price = shop.cells.price[cell]!;
    expect(rateAtPrice(shop, i, day, price)).toBeCloseTo(shop.cells.rate[cell]!, 12);
    const elasticity = shop.products[product]!.elasticity;
    const ratio = rateAtPrice(shop, i, day, price * 1.1) / shop.cells.rate[cell]!;
    expect(Math.log(ratio) / Math.log(1.1)).toBeCloseTo(elasticity, 10);
    expect(rateAtPrice(shop, i, 99_999, price)).toBe(0);
  });
});

describe('randomness', () => {
  it('repeats for a seed and differs for another', () => {
    const options = { products: 9, days: 120, stores: 2, tracked: 0.2 };
    expect(simulateShop({ ...options, seed: 4 })).toEqual(simulateShop({ ...options, seed: 4 }));
    expect(sum(simulateShop({ ...options, seed: 5 }).cells.demand)).not.toBe(
      sum(simulateShop({ ...options, seed: 4 }).cells.demand),
    );
  });

  it('leaves products as they are when others are added, and stores too', () => {
    const few = simulateShop({ products: 8 * FAMILY_SIZE, stores: 2 });
    for (const { unique_id } of few.series) {
      expect(unitsOf(few, unique_id)).toEqual(unitsOf(shop, unique_id));
    }
  });
});

describe('options', () => {
  it.each([
    [{ products: 0 }, /products is 0; give a whole number from 1/],
    [{ days: 12.5 }, /days is 12.5/],
    [{ end: '2026-02-30' }, /end is "2026-02-30"; give a date/],
    [{ end: '30.06.2026' }, /end is/],
    [{ tracked: 2 }, /tracked is 2/],
    [{ seed: Number.NaN }, /seed is NaN/],
    [{ product: 3 } as object, /has no option "product". Did you mean "products"/],
  ])('refuses %j', (options, message) => {
    expect(() => simulateShop(options)).toThrow(UsageError);
    expect(() => simulateShop(options)).toThrow(message);
  });

  it.each([
    [3.2, 2.99],
    [3.3, 3.49],
    [0.01, 0.49],
    [19.9, 19.99],
    [42.4, 41.95],
    [42.5, 42.95],
  ])('rounds a price of %d to %d', (price, shelf) => {
    expect(charmPrice(price)).toBe(shelf);
  });
});

describe('any shop', () => {
  it('sells what is wanted and there, never on closed days, all of it in orders', () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer({ min: -1000, max: 100_000 }),
          products: fc.integer({ min: 1, max: 12 }),
          days: fc.integer({ min: 60, max: 200 }),
          stores: fc.integer({ min: 1, max: 4 }),
          horizon: fc.integer({ min: 0, max: 30 }),
          tracked: fc.constantFrom(0, 0.3, 1),
          end: fc.constantFrom('2024-02-29', '2025-12-31', '2026-06-30'),
        }),
        (options) => {
          const some = simulateShop(options);
          const { cells, offsets, orders } = some;
          const broken: string[] = [];
          some.series.forEach(({ past, unique_id }, i) => {
            for (let k = offsets[i]!; k < offsets[i]! + past; k++) {
              const there = cells.opening[k]! + cells.received[k]!;
              const units = cells.units[k]!;
              if (units !== Math.min(cells.demand[k]!, there)) broken.push(`${unique_id} sold`);
              if (cells.closing[k] !== there - units) broken.push(`${unique_id} closing`);
              if (k > offsets[i]! && cells.opening[k] !== cells.closing[k - 1])
                broken.push(`${unique_id} opening`);
              if (cells.open[k] === 0 && units > 0) broken.push(`${unique_id} sold while shut`);
              if (!(cells.onOrder[k]! >= 0)) broken.push(`${unique_id} on order`);
            }
          });
          let sold = 0;
          const begin = some.calendar.firstDay * MS_PER_DAY;
          const end = (some.calendar.firstDay + some.calendar.days) * MS_PER_DAY;
          orders.time.forEach((time, line) => {
            sold += Math.max(orders.quantity[line]!, 0);
            if (time <= begin || time >= end) broken.push(`line ${line} out of time`);
            if (time < (orders.time[line - 1] ?? begin)) broken.push(`line ${line} out of order`);
          });
          expect(broken).toEqual([]);
          expect(sold).toBe(sum(cells.units));
        },
      ),
      { numRuns: 15 },
    );
  });
});
