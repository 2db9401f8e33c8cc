// Holidays that an explanation names, against what the demo shop's generator has them do before, on and after their days.
import { describe, expect, it } from 'vitest';
import { mean, sum } from '../../src/math/statistics.ts';
import { POINTS, sameSign, type ToldDay, told } from './told-days.ts';

/** What the holidays ahead add to a day, in units: told, and in truth. */
const pairOf = (day: ToldDay) => ({
  told: day.of('holiday'),
  truth: day.rate * (1 - Math.exp(-day.holiday)),
});
/** Days on which holidays do something in truth, and what is told of them. */
function felt(days: readonly ToldDay[], where: (day: ToldDay) => boolean) {
  const pairs = days
    .filter((day) => Math.abs(pairOf(day).truth) > 0.04 * day.scale && where(day))
    .map(pairOf);
  expect(pairs.length).toBeGreaterThan(100);
  return {
    right: sameSign(pairs),
    size: sum(pairs.map((own) => own.told)) / sum(pairs.map((own) => own.truth)),
  };
}

describe('the holidays told of the demo shop by trees', () => {
  it('take Christmas from the days that it takes', async () => {
    const days = (await told([POINTS], { end: '2025-12-10' })).flatMap((own) => own.days);
    const { right, size } = felt(days, () => true);
    expect(right).toBeGreaterThan(0.88);
    expect(size).toBeGreaterThan(0.4);
    expect(size).toBeLessThan(2);
  }, 120_000);

  it('bring customers before an Easter that is two weeks from where it was', async () => {
    const days = (await told([POINTS], { end: '2026-03-25' })).flatMap((own) => own.days);
    const { right, size } = felt(days, ({ holiday }) => holiday > 0);
    expect(right).toBeGreaterThan(0.65);
    expect(size).toBeGreaterThan(0.3);
    expect(size).toBeLessThan(2);
    // From three weeks after Easter on no holiday is near.
    const later = days.filter(({ step }) => step > 24);
    expect(mean(later.map((day) => Math.abs(day.of('holiday')) / day.scale))).toBeLessThan(0.03);
  }, 120_000);
});
