// First guesses of the start states: a moving-average decomposition and a line through the first cells.
// Hyndman, Koehler, Ord & Snyder (2008), section 2.6.1; missing cells are left out of every average.
import type { SmoothingStates } from './filter.ts';
import { isGrowing, needsPositive, type SmoothingForm } from './form.ts';

/** Seasonal values by phase from ratios or differences to a centred moving average of one season. */
export function seasonalValues(y: Float64Array, m: number, multiplicative: boolean): Float64Array {
  const n = y.length;
  const neutral = multiplicative ? 1 : 0;
  const season = new Float64Array(m).fill(neutral);
  const half = Math.floor(m / 2);
  const complete = !y.some(Number.isNaN);
  // With cells missing, a season's average leans to the phases that are left: the second round takes that out.
  for (let round = 0; round < (complete ? 1 : 2); round++) {
    const totals = new Float64Array(m);
    const counts = new Uint32Array(m);
    for (let t = half; t + half < n; t++) {
      if (Number.isNaN(y[t]!)) continue;
      let total = 0;
      let weight = 0;
      for (let u = t - half; u <= t + half; u++) {
        const value = y[u]!;
        if (Number.isNaN(value)) continue;
        // Both ends of an even season share one weight, so that each phase counts once.
        const w = m % 2 === 0 && (u === t - half || u === t + half) ? 0.5 : 1;
        const s = season[u % m]!;
        total += w * (multiplicative ? value / s : value - s);
        weight += w;
      }
      const trend = total / weight;
      if (multiplicative && !(trend > 0)) continue;
      totals[t % m] = totals[t % m]! + (multiplicative ? y[t]! / trend : y[t]! - trend);
      counts[t % m] = counts[t % m]! + 1;
    }
    let sum = 0;
    for (let p = 0; p < m; p++) {
      const value = counts[p]! > 0 ? totals[p]! / counts[p]! : neutral;
      season[p] = multiplicative ? Math.max(value, 0.01) : value;
      sum += season[p]!;
    }
    for (let p = 0; p < m; p++) season[p] = multiplicative ? (season[p]! * m) / sum : season[p]! - sum / m;
  }
  return season;
}

/**
 * Start states for series y with seasons of m: seasonal values that sum to 0 (additive) or m (multiplicative),
 * and the level and slope just before the first cell. With a form that needs positive values all are positive.
 * `known` are the values of `seasonalValues`, where they are known already.
 */
export function startStates(
  y: Float64Array,
  form: SmoothingForm,
  m: number,
  known?: Float64Array,
): SmoothingStates {
  const multiplicative = form.season === 'multiplicative';
  const season =
    form.season === 'none' ? new Float64Array(0) : (known ?? seasonalValues(y, m, multiplicative));
  const span = Math.min(y.length, Math.max(10, 2 * m));
  let count = 0;
  let sumT = 0;
  let sumY = 0;
  let sumTT = 0;
  let sumTY = 0;
  for (let t = 0; t < y.length; t++) {
    if (Number.isNaN(y[t]!)) continue;
    // A line needs two values, wherever they lie.
    if (t >= span && count >= 2) break;
    const s = season.length > 0 ? season[t % m]! : 0;
    const value = season.length === 0 ? y[t]! : multiplicative ? y[t]! / s : y[t]! - s;
    count++;
    sumT += t + 1;
    sumY += value;
    sumTT += (t + 1) * (t + 1);
    sumTY += (t + 1) * value;
  }
  const mean = count > 0 ? sumY / count : 0;
  const spread = sumTT - (sumT * sumT) / Math.max(count, 1);
  const slope = form.trend === 'none' || !(spread > 0) ? 0 : (sumTY - sumT * mean) / spread;
  const level = count > 0 ? mean - (slope * sumT) / count : 0;
  if (isGrowing(form)) {
    // The line's growth from its first cell to its second, as a factor.
    const factor = (level + 2 * slope) / (level + slope);
    if (level + slope > 0 && factor > 0) return { level: (level + slope) / factor, slope: factor, season };
    return { level: mean, slope: 1, season };
  }
  if (needsPositive(form) && !(level > 0 && level + slope > 0)) return { level: mean, slope: 0, season };
  return { level, slope, season };
}
