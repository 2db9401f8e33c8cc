// A made-up shop of many products, written as CSV: smooth, seasonal, erratic and slow sellers, and launches.
import { open } from 'node:fs/promises';
import { type Random, random } from '../../src/core/random.ts';

const WEEK_MS = 7 * 86_400_000;
/** A Monday; every product's history ends at the same date. */
const FIRST_MONDAY = Date.UTC(2023, 10, 27);
/** Weeks in a year, for seasons. */
const YEAR = 52;

/** A count with this mean: Poisson, by Knuth's product for small means and the normal distribution for large ones. */
function poisson(draw: Random, mean: number): number {
  if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * draw.normal()));
  const limit = Math.exp(-mean);
  let count = -1;
  for (let product = 1; product > limit; count++) product *= draw.uniform();
  return Math.max(0, count);
}

/** Units sold in each of `weeks` weeks; NaN before a launch. */
export function demandOf(product: number, weeks: number, seed: number): Float64Array {
  const draw = random(seed, product);
  const kind = draw.uniform();
  // 40 % sell steadily, 20 % in bursts, 40 % now and then.
  const level = kind < 0.4 ? Math.exp(3.2 + 1.1 * draw.normal()) : kind < 0.6 ? 30 : 0.15 + draw.uniform();
  const burst = kind >= 0.4 && kind < 0.6 ? 0.9 : kind >= 0.6 ? 0.5 : 0.12;
  const season = draw.uniform() < 0.6 ? 0.15 + 0.45 * draw.uniform() : 0;
  const peak = YEAR * draw.uniform();
  const growth = 0.002 * draw.normal();
  const launch = draw.uniform() < 0.1 ? Math.floor(0.9 * weeks * draw.uniform()) : 0;
  let drift = 0;
  return Float64Array.from({ length: weeks }, (_, t) => {
    drift = 0.97 * drift + 0.05 * draw.normal();
    const wave = 1 + season * Math.cos((2 * Math.PI * (t - peak)) / YEAR);
    const size = Math.exp(growth * t + drift + burst * draw.normal() - (burst * burst) / 2);
    const units = poisson(draw, level * wave * size);
    return t < launch ? Number.NaN : units;
  });
}

/** Writes the shop's weekly sales, `week,sku,units`, product by product; returns the number of rows. */
export async function writeSales(
  path: string,
  products: number,
  weeks: number,
  seed: number,
): Promise<number> {
  const dates = Array.from({ length: weeks }, (_, t) =>
    new Date(FIRST_MONDAY + t * WEEK_MS).toISOString().slice(0, 10),
  );
  const file = await open(path, 'w');
  let rows = 0;
  let piece = 'week,sku,units\n';
  try {
    for (let product = 0; product < products; product++) {
      const name = `P${String(product).padStart(6, '0')}`;
      for (const [t, units] of demandOf(product, weeks, seed).entries()) {
        if (Number.isNaN(units)) continue;
        piece += `${dates[t]},${name},${units}\n`;
        rows++;
      }
      if (piece.length < 1 << 20) continue;
      await file.write(piece);
      piece = '';
    }
    await file.write(piece);
  } finally {
    await file.close();
  }
  return rows;
}
