// The drivers that an explanation names, against those that the demo shop's generator put in.
import { beforeAll, describe, expect, it } from 'vitest';
import { mean, sum } from '../../src/math/statistics.ts';
import type { TrueDay } from './shop-truth.ts';
import { BOOSTED, rankCorrelation, sameSign, type ToldDay, told } from './told-days.ts';

const offer = (day: ToldDay): number => day.of('price', 'promo');
const trueOffer = (day: TrueDay): number => day.rate - day.usualRate;

describe.each([
  { name: 'trees', models: [BOOSTED], alone: 0.8 },
  { name: 'a blend with a regression of each series', models: [BOOSTED, 'linear-regression'], alone: 0.6 },
])('the drivers told of the demo shop by $name', ({ models, alone }) => {
  let series: (readonly ToldDay[])[] = [];
  let days: ToldDay[] = [];
  beforeAll(async () => {
    series = (await told(models)).map((own) => own.days);
    days = series.flat();
    expect(series.length).toBeGreaterThan(25);
  }, 240_000);

  it('name offers on the days that have them, in their size', () => {
    const promoted = days.filter(({ isPromoted }) => isPromoted);
    expect(promoted.length).toBeGreaterThan(100);
    const pairs = promoted.map((day) => ({ told: offer(day), truth: trueOffer(day) }));
    expect(sameSign(pairs)).toBeGreaterThan(0.95);
    expect(rankCorrelation(pairs)).toBeGreaterThan(0.7);
    const size = sum(pairs.map((own) => own.told)) / sum(pairs.map((own) => own.truth));
    expect(size).toBeGreaterThan(0.5);
    expect(size).toBeLessThan(1.75);
    // A promotion always comes with a lower price: one series alone hardly tells which of the two moved it.
    for (const name of ['price', 'promo']) {
      expect(mean(promoted.map((day) => (day.of(name) > 0 ? 1 : 0)))).toBeGreaterThan(alone);
    }
  });

  it('put the offer first where it is the greatest of what moves the day', () => {
    const ruled = days.filter((day) => day.price + day.promotion > 2 * Math.abs(day.week) && day.isPromoted);
    expect(ruled.length).toBeGreaterThan(80);
    const first = ruled.filter(
      (day) => offer(day) > Math.max(Math.abs(day.seasonal), Math.abs(day.of('holiday'))),
    );
    expect(first.length / ruled.length).toBeGreaterThan(0.8);
  });

  it('say next to nothing of offers where prices and promotions are as usual', () => {
    const usual = days.filter((day) => !day.isPromoted && Math.abs(day.price + day.promotion) < 0.005);
    expect(usual.length).toBeGreaterThan(100);
    expect(mean(usual.map((day) => Math.abs(offer(day)) / day.scale))).toBeLessThan(0.06);
  });

  it('find prices and the rest after a promotion on days without one', () => {
    const moved = days.filter((day) => !day.isPromoted && Math.abs(day.price + day.promotion) >= 0.02);
    const pairs = moved.map((day) => ({ told: offer(day) / day.scale, truth: day.price + day.promotion }));
    expect(pairs.length).toBeGreaterThan(100);
    expect(sameSign(pairs)).toBeGreaterThan(0.75);
    // A list price that moves by 5 % is small beside the noise: over 0.6 here, 0.44 to 0.56 in the shops of seeds 2 and 3.
    expect(rankCorrelation(pairs)).toBeGreaterThan(0.4);
  });

  it('tell the season of the forecast that they explain, and the size of products', () => {
    const own = series.map((one) =>
      rankCorrelation(one.map((day) => ({ told: day.seasonal, truth: day.usual }))),
    );
    expect(mean(own)).toBeGreaterThan(0.8);
    const sizes = series.map((one) => ({
      told: mean(one.map((day) => day.usual)),
      truth: mean(one.map((day) => day.usualRate)),
    }));
    expect(rankCorrelation(sizes)).toBeGreaterThan(0.9);
  });
});
