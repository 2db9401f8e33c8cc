// Cuts a panel's series into parts, small enough that threads end together and stop soon when cancelled.
import type { Part } from '../core/executor.ts';

/** Each piece alone. */
export const piecesOf = (count: number): Part[] =>
  Array.from({ length: count }, (_, k) => ({ from: k, to: k + 1 }));

/**
 * About 100 parts a thread; never an empty one. Results do not depend on the cut,
 * because a task computes each series from that series and its input alone.
 */
export function partsOf(series: number, threads: number): Part[] {
  const size = Math.max(1, Math.ceil(series / (100 * threads)));
  const parts: Part[] = [];
  for (let from = 0; from < series; from += size) parts.push({ from, to: Math.min(from + size, series) });
  return parts;
}
