// Pólya's urn: what was sold before is sold again as it was, in packs of 24 or in the cartons of one customer.
import { TEMPER } from './candidates.ts';

/** Counts seen, with their shares of the forecast. */
export interface Urn {
  readonly counts: Int32Array;
  /** They sum to the urn's share of the forecast, below 1. */
  readonly shares: Float64Array;
}

/** A count that was seen fades by this much a period. */
const FADING = 0.97;
/** The candidates weigh as much as this many counts. */
const CANDIDATES = 30;

/**
 * The urn after a series. `given` is the probability that the candidates gave each count. A draw from the urn repeats
 * an earlier count; how far it is used depends on whether that would have been likelier than the candidates alone.
 */
export function fillUrn(counts: Int32Array, given: Float64Array): Urn {
  const most = counts.reduce((max, k) => Math.max(max, k), 0);
  const held = new Float64Array(most + 1);
  // Instead of fading what is held, what is added grows: a balance in the money of its day.
  let unit = 1;
  let mass = 0;
  let gain = 0;
  for (let t = 0; t < counts.length; t++) {
    const k = counts[t]!;
    if (k < 0) continue;
    const own = mass / (CANDIDATES * unit + mass);
    const likelier = mass > 0 ? (own * held[k]!) / (mass * given[t]!) : 0;
    gain += Math.log(1 - own + likelier);
    unit /= FADING;
    held[k] = held[k]! + unit;
    mass += unit;
    if (unit > 1e100) {
      for (let i = 0; i <= most; i++) held[i] = held[i]! / unit;
      mass /= unit;
      unit = 1;
    }
  }
  const share = 1 / (1 + Math.exp(-TEMPER * gain)) / (CANDIDATES * unit + mass);
  const seen = Int32Array.from({ length: most + 1 }, (_, k) => k).filter((k) => held[k]! > 0);
  return { counts: seen, shares: Float64Array.from(seen, (k) => share * held[k]!) };
}
