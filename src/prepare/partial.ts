// Partial periods: a week or month at either end of the data that the data covers only in part is not a low one.
import { MS_PER_DAY, weekday } from '../core/calendar.ts';
import { type Frequency, label, ordinal, periodName, timestamp } from '../core/frequency.ts';
import type { Observations } from '../core/observations.ts';
import type { Cells } from './cells.ts';
import { counted, type Ledger } from './ledger.ts';

/** Periods may lack this share of their open days or hours and still count as whole. */
const TOLERANCE = 0.1;
/** Rough lengths in seconds, only to tell which of two frequencies is the finer. */
const SECONDS: Record<Frequency['unit'], number> = {
  step: 1,
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  'business-day': 86_400,
  week: 604_800,
  month: 2_629_800,
  quarter: 7_889_400,
  year: 31_557_600,
};
const size = (freq: Frequency): number => SECONDS[freq.unit] * freq.multiple;

/** Whether `freq` puts several periods of `native` together. */
export const isCoarser = (freq: Frequency, native: Frequency): boolean => size(freq) > 1.5 * size(native);

/** Which weekday (days) or hour of the day (hours) a native period falls on; 0 for all others. */
function slotOf(native: Frequency, period: number): number {
  const at = timestamp(native, period);
  if (native.unit === 'day') return weekday(Math.floor(at / MS_PER_DAY));
  if (native.unit === 'hour') return Math.floor((((at % MS_PER_DAY) + MS_PER_DAY) % MS_PER_DAY) / 3_600_000);
  return 0;
}

/** The share of a period's open native periods that lie outside first … last. */
function uncovered(
  freq: Frequency,
  native: Frequency,
  period: number,
  first: number,
  last: number,
  open: Uint8Array,
): number {
  // The period's native periods are those around one of them, in both directions.
  const inside = (p: number): boolean => ordinal(freq, timestamp(native, p)) === period;
  const anchor = inside(first) ? first : last;
  let total = 0;
  let outside = 0;
  const visit = (p: number): void => {
    if (open[slotOf(native, p)] === 0) return;
    total++;
    if (p < first || p > last) outside++;
  };
  for (let p = anchor; inside(p); p++) visit(p);
  for (let p = anchor - 1; inside(p); p--) visit(p);
  return total === 0 ? 0 : outside / total;
}

/**
 * Empties the first and last period of the whole panel (in place, y to NaN) where the rows, spaced by `native`,
 * cover less than nine tenths of its open days or hours; weekdays and hours without any row do not count as open.
 */
export function dropPartialPeriods(
  { time, y }: Observations,
  cells: Cells,
  freq: Frequency,
  native: Frequency,
  ledger: Ledger,
): void {
  if (!isCoarser(freq, native)) return;
  const open = new Uint8Array(24);
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let r = 0; r < time.length; r++) {
    if (Number.isNaN(y[r]!)) continue;
    const p = ordinal(native, time[r]!);
    open[slotOf(native, p)] = 1;
    if (p < first) first = p;
    if (p > last) last = p;
  }
  if (!Number.isFinite(first)) return;
  const firstPeriod = ordinal(freq, timestamp(native, first));
  const lastPeriod = ordinal(freq, timestamp(native, last));
  if (firstPeriod === lastPeriod) return;
  for (const period of [firstPeriod, lastPeriod]) {
    const missing = uncovered(freq, native, period, first, last, open);
    if (missing <= TOLERANCE) continue;
    let dropped = 0;
    for (let c = 0; c < cells.count; c++) {
      if (cells.period[c] !== period || Number.isNaN(cells.y[c]!)) continue;
      cells.y[c] = Number.NaN;
      dropped++;
    }
    const where = period === firstPeriod ? 'first' : 'last';
    ledger.enter(`left out: the ${where} ${periodName(freq)} is covered only in part`, dropped, dropped);
    ledger.note(
      `the ${periodName(freq)} ${label(freq, period)} is left out, because the data covers only ` +
        `${Math.round(100 * (1 - missing))}% of it (${counted(dropped, 'cell')}); keep it with the option partial: keep.`,
    );
  }
}
