// Two dots on one scale, the forecast and the yardstick, for each row of a table. The scale is that of most rows: one kind of
// series with a huge error must not lay the dots of all others on each other.
import { formatPercent } from '../core/number-text.ts';
import { median } from '../math/statistics.ts';

export interface Scale {
  /** The value at its end; 0 where it has no length. */
  readonly end: number;
  /** Whether values lie beyond it, for which there is room at the right. */
  readonly isCut: boolean;
}

/** What is more than so many times the median lies beyond the scale. */
const BULK = 3;
/** The width that dots have, in percent, with room for the numbers of what lies beyond and without. */
const CUT_WIDTH = 40;
const WHOLE_WIDTH = 96;
/** Where the line towards a number ends, in percent. */
const TOWARDS = 50;

/** A scale of values of 0 and above, as far as the largest that is not far beyond the median. */
export function scaleOf(values: readonly number[]): Scale {
  const known = values.filter(Number.isFinite);
  const most = BULK * median(known);
  const bulk = known.filter((value) => value <= most);
  return { end: Math.max(...bulk, 0), isCut: bulk.length < known.length };
}

/**
 * The dots of one row; what lies beyond the scale stands at its right end as a number and an arrow. Nothing where a value is missing
 * or the scale has no length.
 */
export function dumbbell(used: number, naive: number, { end, isCut }: Scale): string {
  if (!Number.isFinite(used) || !Number.isFinite(naive) || !(end > 0)) return '';
  const width = isCut ? CUT_WIDTH : WHOLE_WIDTH;
  const at = (share: number): string =>
    share > end ? `${TOWARDS}%` : `${Math.round((2 + (width * share) / end) * 10) / 10}%`;
  const dot = (name: string, value: number, radius: number): string =>
    value > end ? '' : `<circle class="${name}" cx="${at(value)}" cy="6" r="${radius}"/>`;
  const beyond = [
    { name: 'used', mark: '●', value: used },
    { name: 'naive', mark: '○', value: naive },
  ]
    .filter(({ value }) => value > end)
    .sort((a, b) => a.value - b.value)
    .map(({ name, mark, value }) => `<tspan class="${name}">${mark} ${formatPercent(value)}</tspan> `);
  return (
    `<svg class="dumbbell" width="100%" height="12" aria-hidden="true" focusable="false">` +
    `${beyond.length === 2 ? '' : `<line x1="${at(used)}" x2="${at(naive)}" y1="6" y2="6"/>`}` +
    `${dot('naive', naive, 4)}${dot('used', used, 4.5)}` +
    `${beyond.length === 0 ? '' : `<text x="100%" y="10">${beyond.join('')}→</text>`}</svg>`
  );
}
