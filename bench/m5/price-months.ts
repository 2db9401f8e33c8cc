// Weekly prices, kept as runs of weeks, as means of months.
import type { Day } from './calendar.ts';

/** The months of the days, in order. */
export const monthsOf = (days: readonly Pick<Day, 'month'>[]): string[] => [
  ...new Set(days.map(({ month }) => month)),
];

/** A price that held from one week to another, both included, in the calendar's names of weeks. */
export interface PriceRun {
  readonly first: string;
  readonly last: string;
  readonly price: number;
}

/**
 * The mean price of each month over those of its days that have a price, for the runs of one product. A week lies in two
 * months by its days. Months without a price take that of the month before, those before the first price that of the first.
 */
export function priceMonths(
  days: readonly Pick<Day, 'month' | 'week'>[],
): (runs: readonly PriceRun[]) => Float64Array {
  const months = new Map(monthsOf(days).map((month, k) => [month, k]));
  const weeks = new Map<string, number>();
  /** One a week: how many of its days lie in which month. */
  const shares: Map<number, number>[] = [];
  for (const { month, week } of days) {
    let at = weeks.get(week);
    if (at === undefined) {
      at = shares.push(new Map()) - 1;
      weeks.set(week, at);
    }
    const own = months.get(month)!;
    shares[at]!.set(own, (shares[at]!.get(own) ?? 0) + 1);
  }
  return (runs) => {
    const totals = new Float64Array(months.size);
    const counts = new Uint32Array(months.size);
    for (const { first, last, price } of runs) {
      for (let w = weeks.get(first)!; w <= weeks.get(last)!; w++) {
        for (const [month, count] of shares[w]!) {
          totals[month]! += price * count;
          counts[month]! += count;
        }
      }
    }
    const means = totals.map((total, k) => total / counts[k]!);
    let last = means.find((mean) => !Number.isNaN(mean)) ?? Number.NaN;
    return means.map((mean) => {
      if (!Number.isNaN(mean)) last = mean;
      return last;
    });
  };
}
