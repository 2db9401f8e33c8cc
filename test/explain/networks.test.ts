// The drivers that an explanation of a network names, against those that the demo shop's generator put in.
import { beforeAll, describe, expect, it } from 'vitest';
import { mean, sum } from '../../src/math/statistics.ts';
import { rankCorrelation, sameSign, type ToldDay, type ToldSeries, told } from './told-days.ts';

const offer = (day: ToldDay): number => day.of('price', 'promo');

describe('the drivers told of the demo shop by a small network', () => {
  let series: ToldSeries[] = [];
  let days: ToldDay[] = [];
  beforeAll(async () => {
    const options = { steps: 200, networks: 1, width: 32, rate: 0.005 };
    series = await told([{ model: 'lstm', options }], { windows: 1 });
    days = series.flatMap((own) => own.days);
  }, 120_000);

  it('name offers on the days that have them', () => {
    const pairs = days
      .filter(({ isPromoted }) => isPromoted)
      .map((day) => ({ told: offer(day), truth: day.rate - day.usualRate }));
    expect(pairs.length).toBeGreaterThan(100);
    expect(sameSign(pairs)).toBeGreaterThan(0.9);
    expect(rankCorrelation(pairs)).toBeGreaterThan(0.6);
    // So few steps learn about half of them; 800 learn them whole.
    const size = sum(pairs.map((own) => own.told)) / sum(pairs.map((own) => own.truth));
    expect(size).toBeGreaterThan(0.3);
    expect(size).toBeLessThan(1.5);
  });

  it('say nothing of offers where prices and promotions are as usual', () => {
    const usual = days.filter((day) => !day.isPromoted && Math.abs(day.price + day.promotion) < 0.005);
    expect(usual.length).toBeGreaterThan(100);
    expect(mean(usual.map((day) => Math.abs(offer(day)) / day.scale))).toBeLessThan(0.02);
  });

  it('tell the week of the stores, and the size of products', () => {
    const weeks = series.map((own) =>
      rankCorrelation(own.days.map((day) => ({ told: day.seasonal, truth: day.week }))),
    );
    expect(mean(weeks)).toBeGreaterThan(0.35);
    const sizes = series.map((own) => ({
      told: mean(own.days.map((day) => day.usual)),
      truth: mean(own.days.map((day) => day.usualRate)),
    }));
    expect(rankCorrelation(sizes)).toBeGreaterThan(0.75);
  });
});
