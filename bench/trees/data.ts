// Made-up tables to train trees on: numbers with a smooth part, steps, products and gaps, written as raw float32 columns.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { random } from '../../src/core/random.ts';

export interface Task {
  readonly name: 'regression' | 'classification';
  readonly rows: number;
  readonly features: number;
  /** Rows beyond `rows` that are held out. */
  readonly test: number;
}

/**
 * Writes X (column by column) and y of rows + test rows as float32. A tenth of the features matter: sines, steps, products of
 * two, one with gaps that mean something; the rest is noise, as in most tables.
 */
export function writeTask(folder: string, { name, rows, features, test }: Task, seed: number): void {
  const n = rows + test;
  const draw = random(seed, name);
  const x = new Float32Array(n * features);
  for (let f = 0; f < features; f++) {
    const column = x.subarray(f * n, (f + 1) * n);
    // Some columns are counts of few values, some skewed, most are normal.
    if (f % 7 === 3) for (let i = 0; i < n; i++) column[i] = draw.below(12);
    else if (f % 7 === 5) for (let i = 0; i < n; i++) column[i] = Math.exp(draw.normal());
    else for (let i = 0; i < n; i++) column[i] = draw.normal();
    if (f % 10 === 8) for (let i = 0; i < n; i++) if (draw.uniform() < 0.1) column[i] = Number.NaN;
  }
  const at = (f: number, i: number): number => {
    const value = x[f * n + i]!;
    return Number.isNaN(value) ? 1.5 : value;
  };
  const y = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    const signal =
      3 * Math.sin(1.5 * at(0, i)) +
      at(1, i) * at(2, i) +
      0.4 * at(3, i) +
      2 * (at(4, i) > 0.7 ? 1 : 0) * (at(5, i) > 1 ? 1 : 0) +
      1.5 * Math.abs(at(6, i)) +
      at(8, i) * at(9, i);
    y[i] = name === 'regression' ? signal + 3 * draw.normal() : signal + 2 * draw.normal() > 4 ? 1 : 0;
  }
  writeFileSync(join(folder, 'x.bin'), new Uint8Array(x.buffer));
  writeFileSync(join(folder, 'y.bin'), new Uint8Array(y.buffer));
}
