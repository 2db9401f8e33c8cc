// Holidays that an explanation names, against what the demo shop's generator has them do before, on and after their days.
import { describe, expect, it } from 'vitest';
import { sum } from '../../src/math/statistics.ts';
import { POINTS, sameSign, type ToldDay, told } from './told-days.ts';

/** What the holidays ahead add to a day, in units: told, and in truth. */
const pairOf = (day: ToldDay) => ({
  told: day.of('holiday'),
  truth: day.rate * (1 - Math.exp(-day.holiday)),
});
/** Days on which holidays do something in truth, and what is told of them. */
function felt(days: readonly ToldDay[]) {
  const pairs = days.filter((day) => Math.abs(pairOf(day).truth) > 0.04 * day.scale).map(pairOf);
  expect(pairs.length).toBeGreaterThan(100);
  return {
    right: sameSign(pairs),
    size: sum(pairs.map((own) => own.told)) / sum(pairs.map((own) => own.truth)),
  };
}

describe('the holidays told of the demo shop by trees', () => {
  it('take Christmas from the days that it takes', async () => {
    const days = (await told([POINTS], { end: '2025-12-10' })).flatMap((own) => own.days);
    const { right, size } = felt(days);
    expect(right).toBeGreaterThan(0.88);
    expect(size).toBeGreaterThan(0.4);
    expect(size).toBeLessThan(2);
  }, 120_000);
});
