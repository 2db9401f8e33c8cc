// The truth is what it says it is: the simulated counts give the declared parameters back.
import { describe, expect, it } from 'vitest';
import type { Product } from '../../../src/collect/demo-shop/catalogue.ts';
import { CATEGORIES } from '../../../src/collect/demo-shop/categories.ts';
import { fillBaseline, lifecycle, wandering } from '../../../src/collect/demo-shop/demand.ts';
import { promotionFactor } from '../../../src/collect/demo-shop/promotions.ts';
import { simulateShop } from '../../../src/collect/demo-shop/shop.ts';
import { random } from '../../../src/core/random.ts';
import { autocorrelations, mean, variance } from '../../../src/math/statistics.ts';

const shop = simulateShop();
const { cells, offsets, series, products, calendar } = shop;

/** Calls back for each cell of history. */
function eachCell(visit: (cell: number, i: number, t: number) => void): void {
  series.forEach(({ first, past }, i) => {
    for (let k = 0; k < past; k++) visit(offsets[i]! + k, i, first + k);
  });
}
const productOf = (i: number) => products[series[i]!.product]!;
const varianceOf = (rate: number, size: number): number => rate + (rate * rate) / size;

/** Price paths by product, read off the cells of the online shop. */
const onlineSeries = products.map((_, p) => series.findIndex((one) => one.store === 0 && one.product === p));
function priceOf(p: number, t: number): number {
  const i = onlineSeries[p]!;
  return cells.price[offsets[i]! + t - series[i]!.first]!;
}
/** The declared effect of the siblings' prices; those not on sale have none. */
function crossFactor(p: number, t: number): number {
  let factor = 1;
  for (const { product, elasticity } of products[p]!.cross) {
    const rival = products[product]!;
    if (t < rival.launch || t >= rival.gone) continue;
    factor *= (priceOf(product, t) / rival.listPrice) ** elasticity;
  }
  return factor;
}
/** The declared lift and dip, from the list of promotions. */
const declaredFactors = products.map((product, p) => {
  const factor = new Float64Array(calendar.days + calendar.horizon).fill(1);
  for (const { product: whose, from, to, lift } of shop.promotions) {
    if (whose !== p) continue;
    for (let t = from; t <= to; t++) factor[t]! *= lift;
    for (let k = 0; k < product.dipDays; k++) {
      const t = to + 1 + k;
      if (t < factor.length) factor[t]! *= 1 - product.dip * (1 - k / product.dipDays);
    }
  }
  return factor;
});
const ownFactor = (p: number, t: number): number =>
  (priceOf(p, t) / products[p]!.listPrice) ** products[p]!.elasticity;

describe('the rate', () => {
  it('is the baseline times the declared effects of price, siblings and promotions', () => {
    let worst = 0;
    eachCell((cell, i, t) => {
      const p = series[i]!.product;
      const expected = cells.baseline[cell]! * ownFactor(p, t) * crossFactor(p, t) * declaredFactors[p]![t]!;
      if (expected > 0) worst = Math.max(worst, Math.abs(cells.rate[cell]! / expected - 1));
      else if (cells.rate[cell] !== 0) worst = Number.POSITIVE_INFINITY;
    });
    expect(worst).toBeLessThan(1e-9);
  });

  it('has a baseline of base rate, share, life, year, week, pay day, trend and shifts', () => {
    const product: Product = {
      ...products[0]!,
      launch: -10_000,
      gone: Number.POSITIVE_INFINITY,
      declineFrom: Number.POSITIVE_INFINITY,
      baseRate: 10,
      trend: 0.2,
      payLift: 0.1,
      shifts: [{ day: 30, size: -0.5 }],
    };
    const store = shop.stores[1]!;
    const days = 40;
    const none = new Float64Array(days);
    const season = Float64Array.from({ length: 366 }, (_, day) => 1 + day / 1000);
    const holidays = new Float64Array(days).fill(0.3);
    const out = new Float64Array(days);
    fillBaseline(out, 0, product, store, 0.5, calendar, { season, holidays, product: none, store: none });
    const pay = [0.1, 0.075, 0.05, 0.025];
    for (let t = 0; t < days; t++) {
      // 1 January 2024 is a Monday; Sundays and New Year are closed; wages came on Thursday 25 January.
      const open = t > 0 && t % 7 !== 6;
      const log = (0.2 * t) / 365.25 + 0.3 + (pay[t - 24] ?? 0) - (t >= 30 ? 0.5 : 0);
      const expected = open ? 10 * 0.5 * (1 + t / 1000) * store.week[t % 7]! * Math.exp(log) : 0;
      expect(out[t]!).toBeCloseTo(expected, 9);
    }
  });
});

describe('counts', () => {
  it('are negative binomial around the rate', () => {
    let squares = 0;
    let poissonSquares = 0;
    let count = 0;
    eachCell((cell, i) => {
      const rate = cells.rate[cell]!;
      // Below one event in a few cells the squares are too wild to average.
      if (rate < 0.2) return;
      const miss = (cells.demand[cell]! - rate) ** 2;
      squares += miss / varianceOf(rate, productOf(i).size);
      poissonSquares += miss / rate;
      count++;
    });
    expect(count).toBeGreaterThan(30_000);
    expect(squares / count).toBeGreaterThan(0.95);
    expect(squares / count).toBeLessThan(1.05);
    expect(poissonSquares / count).toBeGreaterThan(1.5);
  });

  it('have the rate as their mean in every series', () => {
    const z = new Float64Array(series.length);
    const spread = new Float64Array(series.length);
    eachCell((cell, i) => {
      z[i]! += cells.demand[cell]! - cells.rate[cell]!;
      spread[i]! += varianceOf(cells.rate[cell]!, productOf(i).size);
    });
    for (let i = 0; i < z.length; i++) z[i]! /= Math.sqrt(spread[i]!);
    expect(Math.max(...z.map(Math.abs))).toBeLessThan(4);
    expect(variance(z)).toBeGreaterThan(0.6);
    expect(variance(z)).toBeLessThan(1.5);
  });
});

/**
 * The elasticity of one product from its demand in all stores: quasi-likelihood of the log-linear rate by
 * Newton steps. All but the own price is known, and nothing known contains the own elasticity.
 */
function estimate(p: number): { elasticity: number; error: number } {
  const x: number[] = [];
  const wanted: number[] = [];
  const rest: number[] = [];
  const product = products[p]!;
  eachCell((cell, i, t) => {
    if (series[i]!.product !== p || cells.baseline[cell] === 0) return;
    x.push(Math.log(cells.price[cell]! / product.listPrice));
    wanted.push(cells.demand[cell]!);
    rest.push(cells.baseline[cell]! * declaredFactors[p]![t]! * crossFactor(p, t));
  });
  let elasticity = 0;
  let information = 0;
  for (let step = 0; step < 50; step++) {
    let score = 0;
    information = 0;
    for (let k = 0; k < x.length; k++) {
      const rate = rest[k]! * Math.exp(elasticity * x[k]!);
      const weight = 1 / (1 + rate / product.size);
      score += weight * (wanted[k]! - rate) * x[k]!;
      information += weight * rate * x[k]! ** 2;
    }
    const move = Math.min(Math.max(score / information, -0.5), 0.5);
    elasticity += move;
    if (Math.abs(move) < 1e-10) break;
  }
  return { elasticity, error: 1 / Math.sqrt(information) };
}

/** Least squares with an intercept. */
function regress(x: readonly number[], y: readonly number[]): { slope: number; error: number } {
  const [centreX, centreY] = [mean(x), mean(y)];
  let xy = 0;
  let xx = 0;
  for (let k = 0; k < x.length; k++) {
    xy += (x[k]! - centreX) * (y[k]! - centreY);
    xx += (x[k]! - centreX) ** 2;
  }
  const slope = xy / xx;
  let squares = 0;
  for (let k = 0; k < x.length; k++) squares += (y[k]! - centreY - slope * (x[k]! - centreX)) ** 2;
  return { slope, error: Math.sqrt(squares / (x.length - 2) / xx) };
}

describe('prices', () => {
  it('move demand by each product’s elasticity', () => {
    const z: number[] = [];
    products.forEach((product, p) => {
      expect(product.elasticity).toBeGreaterThanOrEqual(-4);
      expect(product.elasticity).toBeLessThanOrEqual(-0.5);
      const { elasticity, error } = estimate(p);
      // Too few sales or prices to tell.
      if (!(error <= 0.25)) return;
      z.push((elasticity - product.elasticity) / error);
      expect(Math.abs(elasticity - product.elasticity)).toBeLessThan(4.5 * error);
    });
    expect(z.length).toBeGreaterThan(20);
    // Were the errors wrong, the scaled misses would not spread like a standard normal.
    expect(Math.abs(mean(z)) * Math.sqrt(z.length)).toBeLessThan(4);
    expect(variance(z)).toBeLessThan(1 + 4 * Math.sqrt(2 / z.length));
  });

  it('are found by a log-log regression of fast sellers once the rest is known', () => {
    let judged = 0;
    products.forEach((product, p) => {
      const x: number[] = [];
      const y: number[] = [];
      eachCell((cell, i, t) => {
        const rest = cells.baseline[cell]! * declaredFactors[p]![t]! * crossFactor(p, t);
        // With ten or more expected the logarithm is safe: hardly a zero, and little bend.
        if (series[i]!.product !== p || series[i]!.store !== 0 || rest < 10) return;
        x.push(Math.log(cells.price[cell]! / product.listPrice));
        y.push(Math.log((cells.demand[cell]! + 0.5) / rest));
      });
      const { slope, error } = regress(x, y);
      if (!(error <= 0.3)) return;
      judged++;
      // 0.25 more for the bend of the logarithm, which the standard error does not see.
      expect(Math.abs(slope - product.elasticity)).toBeLessThan(4.5 * error + 0.25);
    });
    expect(judged).toBeGreaterThanOrEqual(4);
  });

  it('of a sibling move demand the other way', () => {
    for (const { cross, elasticity } of products) {
      for (const rival of cross) {
        expect(rival.elasticity).toBeGreaterThan(0);
        expect(rival.elasticity).toBeLessThanOrEqual(-0.2 * elasticity);
        expect(products[rival.product]!.family).toBe(products[cross[0]!.product]!.family);
      }
    }
    // While only siblings are on offer, demand is as far below as the cross elasticities say.
    let wanted = 0;
    let alone = 0;
    let expected = 0;
    let spread = 0;
    eachCell((cell, i, t) => {
      const p = series[i]!.product;
      const cross = crossFactor(p, t);
      if (cross > 0.95 || cells.promotion[cell]! >= 0) return;
      const without = cells.baseline[cell]! * declaredFactors[p]![t]! * ownFactor(p, t);
      wanted += cells.demand[cell]!;
      alone += without;
      expected += without * cross;
      spread += varianceOf(without * cross, products[p]!.size);
    });
    expect(expected / alone).toBeLessThan(0.95);
    expect(Math.abs(wanted - expected)).toBeLessThan(4.5 * Math.sqrt(spread));
    // This seed has enough of such days to tell the effect from chance; not every seed has.
    expect(alone - wanted).toBeGreaterThan(4.5 * Math.sqrt(spread));
  });
});

describe('promotions', () => {
  it('lift demand beyond their price by what they declare, and leave a dip', () => {
    const group = () => ({ wanted: 0, without: 0, declared: 0, spread: 0 });
    const lift = group();
    const dip = group();
    eachCell((cell, i, t) => {
      const p = series[i]!.product;
      const factor = declaredFactors[p]![t]!;
      const into = cells.promotion[cell]! >= 0 ? lift : factor < 1 ? dip : undefined;
      if (into === undefined) return;
      const without = cells.baseline[cell]! * ownFactor(p, t) * crossFactor(p, t);
      into.wanted += cells.demand[cell]!;
      into.without += without;
      into.declared += without * factor;
      into.spread += varianceOf(without * factor, products[p]!.size);
    });
    for (const { wanted, declared, spread } of [lift, dip]) {
      expect(Math.abs(wanted - declared)).toBeLessThan(4.5 * Math.sqrt(spread));
    }
    expect(lift.declared / lift.without).toBeGreaterThan(1.1);
    expect(dip.declared / dip.without).toBeLessThan(0.97);
    // Both are far larger than chance, so the counts could tell had they been left out.
    expect(lift.wanted - lift.without).toBeGreaterThan(4.5 * Math.sqrt(lift.spread));
    expect(dip.without - dip.wanted).toBeGreaterThan(4.5 * Math.sqrt(dip.spread));
  });

  it('have a lift on their days and a fading dip after', () => {
    const product = { ...products[0]!, dip: 0.2, dipDays: 4 };
    const plan = [{ product: 0, name: 'Offer', from: 3, to: 5, discount: 0.2, lift: 1.5 }];
    const expected = [1, 1, 1, 1.5, 1.5, 1.5, 0.8, 0.85, 0.9, 0.95, 1, 1];
    promotionFactor(product, plan, 12).forEach((factor, t) => {
      expect(factor).toBeCloseTo(expected[t]!, 12);
    });
  });

  it('of one product never overlap', () => {
    for (let k = 1; k < shop.promotions.length; k++) {
      const [before, after] = [shop.promotions[k - 1]!, shop.promotions[k]!];
      if (before.product === after.product) expect(after.from).toBeGreaterThan(before.to);
    }
    const sales = new Set(shop.promotions.map(({ name }) => name));
    expect([...sales].sort()).toEqual([
      'Black Friday week',
      'Clearance',
      'January sale',
      'Offer',
      'Summer sale',
    ]);
  });
});

/** Units sold by a store in 2025, grouped. */
function sold2025(store: string, group: (t: number, category: string) => number, size: number): Float64Array {
  const totals = new Float64Array(size);
  eachCell((cell, i, t) => {
    if (shop.stores[series[i]!.store]!.id !== store || !calendar.dates[t]!.startsWith('2025')) return;
    const at = group(t, CATEGORIES[productOf(i).category]!.name);
    if (at >= 0) totals[at]! += cells.units[cell]!;
  });
  return totals;
}

describe('rhythm', () => {
  it.each(['online', 'harbour'])('%s sells by its week', (id) => {
    const s = shop.stores.findIndex((one) => one.id === id);
    const store = shop.stores[s]!;
    const open = [...store.week].filter((share) => share > 0).length;
    const total = new Float64Array(calendar.days);
    eachCell((cell, i, t) => {
      if (series[i]!.store === s) total[t]! += cells.demand[cell]!;
    });
    // Shares within each week, so that season and trend fall out; weeks with a holiday window or a closed day
    // have a shape of their own.
    const shares: number[][] = Array.from({ length: 7 }, () => []);
    for (let monday = 0; monday + 7 <= calendar.days; monday++) {
      if (calendar.weekday[monday] !== 0) continue;
      const days = Array.from({ length: 7 }, (_, k) => monday + k);
      if (days.some((t) => calendar.window[t] !== '' || calendar.shut[t] === 1)) continue;
      const centre = days.reduce((sum, t) => sum + total[t]!, 0) / open;
      days.forEach((t, weekday) => {
        shares[weekday]!.push(total[t]! / centre);
      });
    }
    shares.forEach((share, weekday) => {
      const error = Math.sqrt(variance(share) / share.length);
      // 0.03 more, for wages that come on weekdays and promotions that begin on some days more than others.
      expect(Math.abs(mean(share) - store.week[weekday]!)).toBeLessThanOrEqual(4.5 * error + 0.03);
    });
    expect(Math.max(...store.week) - mean(shares[2]!)).toBeGreaterThan(0.1);
  });

  it('lives through ramp-up, maturity, decline and death', () => {
    const product = {
      ...products[0]!,
      launch: 100,
      rampDays: 60,
      declineFrom: 400,
      declineDays: 90,
      gone: 600,
    };
    expect(lifecycle(product, 99)).toBe(0);
    expect(lifecycle(product, 100)).toBeCloseTo(0.1, 12);
    expect(lifecycle(product, 160)).toBeCloseTo(0.955, 3);
    expect(lifecycle(product, 400)).toBeCloseTo(1, 6);
    expect(lifecycle(product, 490)).toBeCloseTo(1 / 3, 6);
    expect(lifecycle(product, 600)).toBe(0);
  });

  it('wanders with the declared spread and memory', () => {
    // Twenty paths, pooled: the bounds are four standard errors of the pooled estimates.
    const n = 20_000;
    const phi = 0.9;
    const paths = Array.from({ length: 20 }, (_, seed) => wandering(random(seed), n, phi, 0.2));
    const memory = mean(paths.map((path) => autocorrelations(path, 1)[0]!));
    const spread = mean(paths.map((path) => variance(path))) / 0.2 ** 2;
    expect(Math.abs(memory - phi)).toBeLessThan(4 * Math.sqrt((1 - phi * phi) / (20 * n)));
    const varianceError = Math.sqrt((2 * (1 + phi * phi)) / (1 - phi * phi) / (20 * n));
    expect(Math.abs(spread - 1)).toBeLessThan(4 * varianceError);
  });

  it('stays away on closed days', () => {
    let closed = 0;
    const broken: string[] = [];
    eachCell((cell, i, t) => {
      const store = shop.stores[series[i]!.store]!;
      const date = calendar.dates[t]!.slice(5);
      const shut = date === '12-25' || date === '01-01' || (!store.online && calendar.weekday[t] === 6);
      const traffic = cells.rate[cell]! + cells.demand[cell]! + cells.units[cell]!;
      if (cells.open[cell] === (shut ? 1 : 0) || (shut && traffic > 0)) broken.push(`${store.id} ${date}`);
      if (shut) closed++;
    });
    expect(broken).toEqual([]);
    expect(closed).toBeGreaterThan(500);
  });
});

describe('stock', () => {
  it('runs out now and then, and only then loses sales', () => {
    let out = 0;
    let lost = 0;
    let lostOnFullShelves = 0;
    let wanted = 0;
    let count = 0;
    eachCell((cell) => {
      const missing = cells.demand[cell]! - cells.units[cell]!;
      if (missing > 0 && cells.closing[cell] !== 0) lostOnFullShelves++;
      lost += missing;
      wanted += cells.demand[cell]!;
      if (cells.closing[cell] === 0) out++;
      count++;
    });
    expect(lostOnFullShelves).toBe(0);
    expect(out / count).toBeGreaterThan(0.01);
    expect(out / count).toBeLessThan(0.06);
    expect(lost / wanted).toBeGreaterThan(0.005);
    expect(lost / wanted).toBeLessThan(0.05);
  });

  it('makes sales a biased measure of demand where it runs out', () => {
    let sold = 0;
    let rate = 0;
    eachCell((cell) => {
      if (cells.closing[cell] !== 0) return;
      sold += cells.units[cell]!;
      rate += cells.rate[cell]!;
    });
    expect(sold / rate).toBeLessThan(0.5);
  });
});

// What anyone sees who draws the default shop; another seed's promotions may well move a peak.
describe('the default shop', () => {
  it('show in the data as smooth and as intermittent series', () => {
    const zeros = series.map(({ past }, i) => {
      const demand = cells.demand.subarray(offsets[i]!, offsets[i]! + past);
      return demand.filter((units) => units === 0).length / past;
    });
    expect(zeros.filter((share) => share < 0.1).length).toBeGreaterThan(10);
    expect(zeros.filter((share) => share > 0.7).length).toBeGreaterThan(8);
  });

  it.each([
    ['Garden', [4, 5]],
    ['Stationery', [7, 8]],
    ['Toys', [10, 11]],
    ['Festive', [10, 11]],
    ['Candles', [10, 11]],
  ])('%s peaks in its season', (name, peak) => {
    const months = sold2025(
      'online',
      (t, category) => (category === name ? Number(calendar.dates[t]!.slice(5, 7)) - 1 : -1),
      12,
    );
    const best = [...months.keys()].sort((a, b) => months[b]! - months[a]!).slice(0, 2);
    expect(best.sort((a, b) => a - b)).toEqual(peak);
  });

  it('has its best days around Black Friday', () => {
    const days = sold2025('online', (t) => t - calendar.dates.indexOf('2025-01-01'), 365);
    const best = [...days.keys()].sort((a, b) => days[b]! - days[a]!).slice(0, 4);
    const friday = calendar.dates.indexOf('2025-11-28') - calendar.dates.indexOf('2025-01-01');
    for (const day of best) expect(day - friday >= 0 && day - friday <= 3).toBe(true);
  });
});
