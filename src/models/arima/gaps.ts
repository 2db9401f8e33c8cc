// Bridges missing cells with a first guess: straight lines over what the season leaves.
import { stl } from '../../features/stl.ts';

/** Straight lines over gaps; y begins and ends with an observed value. */
function lines(y: Float64Array): Float64Array {
  const out = y.slice();
  let last = 0;
  for (let t = 1; t < out.length; t++) {
    if (Number.isNaN(y[t]!)) continue;
    const rise = (y[t]! - y[last]!) / (t - last);
    for (let s = last + 1; s < t; s++) out[s] = y[last]! + rise * (s - last);
    last = t;
  }
  return out;
}

/** y with its gaps bridged; y begins and ends with an observed value. */
export function bridge(y: Float64Array, m: number): Float64Array {
  const straight = lines(y);
  if (m < 2 || y.length <= 2 * m || !y.some(Number.isNaN)) return straight;
  // The season is refined once from what it said of the gaps itself.
  let filled = straight;
  for (let pass = 0; pass < 2; pass++) {
    const { season } = stl(filled, m, { seasonWindow: 11 });
    const rest = lines(y.map((v, t) => v - season[t]!));
    filled = y.map((v, t) => (Number.isNaN(v) ? rest[t]! + season[t]! : v));
  }
  return filled;
}
