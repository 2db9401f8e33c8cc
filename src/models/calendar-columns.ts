// What the calendar itself does to a period's sales: days in a month, working days, places in the month.
import { civilFromDays, daysInMonth, MS_PER_DAY, weekday } from '../core/calendar.ts';
import { type Frequency, timestamp } from '../core/frequency.ts';

/**
 * Columns of the calendar for periods of a month or longer: days beyond the average of 30.4 a month, and working days
 * beyond their share of 5/7. Days have the place in the month: its first and last three days and its middle. Weeks, hours
 * and plain steps have none.
 */
export function calendarColumns(
  freq: Frequency,
  start: number,
  n: number,
): { readonly names: readonly string[]; readonly columns: readonly Float64Array[] } {
  const dayAt = (period: number): number => Math.floor(timestamp(freq, period) / MS_PER_DAY);
  if (freq.unit === 'month' || freq.unit === 'quarter' || freq.unit === 'year') {
    const length = new Float64Array(n);
    const working = new Float64Array(n);
    const months = { month: 1, quarter: 3, year: 12 }[freq.unit] * freq.multiple;
    for (let t = 0; t < n; t++) {
      // Labels stand at the first day of a period, or (anchor 1) at its last.
      const first = freq.anchor === 1 ? dayAt(start + t - 1) + 1 : dayAt(start + t);
      const last = freq.anchor === 1 ? dayAt(start + t) : dayAt(start + t + 1) - 1;
      let count = 0;
      for (let day = first; day <= last; day++) if (weekday(day) < 5) count++;
      const days = last - first + 1;
      length[t] = days - months * 30.436875;
      working[t] = count - (5 / 7) * days;
    }
    return { names: ['days in the period', 'working days'], columns: [length, working] };
  }
  if (freq.unit !== 'day' || freq.multiple !== 1) return { names: [], columns: [] };
  const early = new Float64Array(n);
  const late = new Float64Array(n);
  for (let t = 0; t < n; t++) {
    const { year, month, day } = civilFromDays(dayAt(start + t));
    if (day <= 3) early[t] = 1;
    if (day > daysInMonth(year, month) - 3) late[t] = 1;
  }
  return { names: ['first days of the month', 'last days of the month'], columns: [early, late] };
}
