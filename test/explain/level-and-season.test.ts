// The level, trend and season that explanations tell, against those of the demo shop's generator.
import { beforeAll, describe, expect, it } from 'vitest';
import { mean, sum } from '../../src/math/statistics.ts';
import { LEAST, type Pair, POINTS, rankCorrelation, sameSign, type ToldSeries, told } from './told-days.ts';

/** How the season that is told of each series ranks its days beside the true week and year; the mean over the series. */
const seasonOf = (series: readonly ToldSeries[]): number =>
  mean(
    series.map(({ days }) =>
      rankCorrelation(days.map((day) => ({ told: day.seasonal, truth: day.week + day.year }))),
    ),
  );

/** The move of each series' year from the first four weeks to those after them. */
const turnsOf = (series: readonly ToldSeries[]): Pair[] =>
  series.map(({ days }) => {
    const [early, late] = [days.filter(({ step }) => step < 28), days.filter(({ step }) => step >= 28)];
    return {
      told: (mean(late.map((day) => day.seasonal)) - mean(early.map((day) => day.seasonal))) / days[0]!.scale,
      truth: mean(late.map((day) => day.year)) - mean(early.map((day) => day.year)),
    };
  });

describe('what a regression of each series tells', () => {
  let series: ToldSeries[] = [];
  beforeAll(async () => {
    series = await told(['linear-regression'], { h: 56, least: 1 });
    expect(series.length).toBeGreaterThan(35);
  }, 120_000);

  it('is the week of the stores', () => {
    // Of products that sell less, days can hardly be told from noise.
    const large = series.filter(({ days }) => days[0]!.scale >= LEAST);
    const pairs = large.flatMap(({ days }) => {
      const month = days.filter(({ step }) => step < 28);
      const [centre, week] = [mean(month.map((day) => day.seasonal)), mean(month.map((day) => day.week))];
      return month.map((day) => ({ told: (day.seasonal - centre) / day.scale, truth: day.week - week }));
    });
    expect(rankCorrelation(pairs)).toBeGreaterThan(0.6);
    expect(sameSign(pairs)).toBeGreaterThan(0.7);
  });

  it('is the season of week and year over eight weeks', () => {
    // The true demand of a day, with its fashions and pay days, reaches 0.85 to 0.89.
    expect(seasonOf(series)).toBeGreaterThan(0.6);
    expect(rankCorrelation(turnsOf(series))).toBeGreaterThan(0.15);
  });

  it('is the trend of products that grow or fade, on its side of nothing', () => {
    const moving = series.filter(({ growth }) => Math.abs(growth) > 0.1);
    expect(moving.length).toBeGreaterThan(15);
    const pairs = series.map(({ trend, growth }) => ({ told: trend, truth: growth }));
    expect(sameSign(moving.map(({ trend, growth }) => ({ told: trend, truth: growth })))).toBeGreaterThan(
      0.75,
    );
    expect(rankCorrelation(pairs)).toBeGreaterThan(0.2);
  });
});

it('the season that trees tell over eight weeks is that of week and year', async () => {
  const series = await told([POINTS], { h: 56, least: 1 });
  // Told cell by cell it was 0.39, and 0.34 in the shop of seed 3, where it is 0.63 now.
  expect(seasonOf(series)).toBeGreaterThan(0.6);
  expect(rankCorrelation(turnsOf(series))).toBeGreaterThan(0.3);
}, 120_000);

it('products that sold out of late are told as large as they are by trees, not as what was sold', async () => {
  const sizes = async (soldOut: 'unknown' | 'taken'): Promise<{ out: number; never: number }> => {
    const series = await told([POINTS], { least: 1, soldOut });
    // Three products sold out: of means of each, the smallest would be heard as much as the largest.
    const of = (own: ToldSeries[]): number => {
      const days = own.flatMap((one) => one.days);
      return sum(days.map((day) => day.usual)) / sum(days.map((day) => day.usualRate));
    };
    return {
      out: of(series.filter((own) => own.soldOut >= 3)),
      never: of(series.filter((own) => own.soldOut === 0)),
    };
  };
  const [known, taken] = [await sizes('unknown'), await sizes('taken')];
  expect(known.out / known.never).toBeGreaterThan(0.85);
  expect(taken.out / taken.never).toBeLessThan(known.out / known.never - 0.08);
}, 120_000);

it('products launched in the last four months are told about as large as they are by trees', async () => {
  const series = await told([POINTS], { least: 1, size: { products: 300, days: 500, stores: 1 } });
  const of = (own: ToldSeries[]): number => {
    const days = own.flatMap((one) => one.days);
    return sum(days.map((day) => day.usual)) / sum(days.map((day) => day.usualRate));
  };
  const young = series.filter(({ age }) => age < 120);
  expect(young.length).toBeGreaterThan(10);
  // Growth to come is told in part: 0.92 of what is told of the others here, 0.88 and 0.73 in the shops of seeds 2 and 3.
  const share = of(young) / of(series.filter(({ age }) => age >= 300));
  expect(share).toBeGreaterThan(0.7);
  expect(share).toBeLessThan(1.3);
}, 120_000);
