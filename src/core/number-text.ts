// Numbers as people read them, in fixed English notation: 12,430 · 1.24M · 0.35 · −7 · +4.2%.

const UNITS: readonly [size: number, letter: string][] = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
];

/** Shown where there is no number. */
export const NO_NUMBER = '–';

/** Puts a comma between thousands of a plain decimal text. */
function group(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Drops the zeros that end a fraction: 12.40 → 12.4, 12.00 → 12. */
const trim = (decimal: string): string => (decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal);

/** Three significant digits of a number from 1 to 999, or two below 1. */
function significant(size: number): string {
  if (size >= 99.95) return String(Math.round(size));
  if (size >= 9.995) return trim(size.toFixed(1));
  if (size >= 0.995) return trim(size.toFixed(2));
  return trim(size.toFixed(Math.min(20, 1 - Math.floor(Math.log10(size)))));
}

function magnitude(size: number): string {
  if (size === 0) return '0';
  if (size < 1e-4) return size.toExponential(1).replace('-', '−');
  if (Math.round(size) < 1000) return significant(size);
  if (Math.round(size) < 1e6) return group(String(Math.round(size)));
  if (size >= 9.995e14) return size.toExponential(2).replace('+', '');
  const [unit, letter] = UNITS.find(([floor]) => size >= floor * 0.9995) ?? [1e6, 'M'];
  const digits = size / unit;
  return `${digits.toFixed(digits >= 99.95 ? 0 : digits >= 9.995 ? 1 : 2)}${letter}`;
}

/**
 * A number for reading: grouped whole numbers from 1,000, three significant digits from a million (1.24M) and
 * below 1,000 (12.4), two below 1 (0.35). The minus is a true minus sign; NaN is an en dash.
 */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return NO_NUMBER;
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const text = magnitude(Math.abs(value));
  return value < 0 && text !== '0' ? `−${text}` : text;
}

/** A number with a fixed count of decimals, for columns whose points stand below one another. */
export function formatFixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return formatNumber(value);
  const text = group(Math.abs(value).toFixed(decimals));
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/** An interval with as many decimals at both ends: 31.0 to 70.1. */
export function formatRange(lo: number, hi: number): string {
  if (!Number.isFinite(lo) || !Number.isFinite(hi)) return NO_NUMBER;
  const size = Math.max(Math.abs(lo), Math.abs(hi));
  if (size >= 999_999.5 || (size > 0 && size < 0.1)) return `${formatNumber(lo)} to ${formatNumber(hi)}`;
  const decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
  return `${formatFixed(lo, decimals)} to ${formatFixed(hi, decimals)}`;
}

/** A share as percent: 0.18 → 18%, 0.042 → 4.2%; one decimal below 10 % unless `decimals` says otherwise. */
export function formatPercent(share: number, decimals?: number): string {
  if (!Number.isFinite(share)) return NO_NUMBER;
  const percent = share * 100;
  const text = formatFixed(percent, decimals ?? (Math.abs(percent) < 9.95 ? 1 : 0));
  return `${decimals === undefined ? trim(text) : text}%`;
}

/** A change as signed percent: +4.2%, −11%, 0%; tenfold and more is said as a factor: ×12. */
export function formatChange(share: number): string {
  if (!Number.isFinite(share)) return NO_NUMBER;
  if (share >= 9) return `×${formatNumber(share + 1)}`;
  const text = formatPercent(share);
  return share > 0 && text !== '0%' ? `+${text}` : text;
}

/** A count with its noun: "1 cell", "1,204 cells". */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${group(String(count))} ${count === 1 ? noun : nouns}`;
}

/** A phrase as the beginning of a sentence. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * Labels for ticks that are `step` apart, all with the same decimals and unit: 0, 500, 1,000 or 0, 20k, 40k.
 */
export function tickLabels(ticks: readonly number[]): string[] {
  const largest = Math.max(...ticks.map(Math.abs), 0);
  const step = ticks.length > 1 ? Math.abs(ticks[1]! - ticks[0]!) : largest;
  const [unit, letter] =
    UNITS.find(([floor]) => largest >= floor) ?? (largest >= 10_000 ? [1000, 'k'] : [1, '']);
  if (largest >= 1e15 || (largest > 0 && largest < 1e-4)) return ticks.map(formatNumber);
  // Steps are 1, 2 or 5 times a power of ten; 1e-9 covers the rounding of the logarithm.
  const decimals = step > 0 ? Math.max(0, -Math.floor(Math.log10(step / unit) + 1e-9)) : 0;
  return ticks.map((tick) => {
    const text = formatFixed(tick / unit, Math.min(decimals, 20));
    return /[1-9]/.test(text) ? `${text}${letter}` : '0';
  });
}
