import { expect, it } from 'vitest';
import { frequency } from '../../src/core/frequency.ts';
import { allocatePanel, CellState } from '../../src/core/panel.ts';
import type { Lifts } from '../../src/features/event-moves.ts';
import { rowsAhead } from '../../src/features/feature-rows.ts';
import { featureTable } from '../../src/features/feature-table.ts';

const DAYS = 800;
const H = 10;
/** A feast doubles what is sold: on day 440 in the past, and on the fifth of the days ahead, 364 days after day 440. */
const [THEN, NEXT] = [440, DAYS + 6];

function shop() {
  const panel = allocatePanel(
    { freq: frequency('D'), ids: ['tea', 'pot'], target: 'units', reach: H },
    [DAYS, DAYS],
    {},
  );
  for (const [at] of panel.y.entries()) {
    panel.y[at] = at % DAYS === THEN ? 20 : 10;
    panel.state[at] = CellState.observed;
  }
  return panel;
}

it('tells the season of before as it would be with the events of the days ahead', () => {
  const panel = shop();
  const lift = (period: number): number => (period === THEN || period === NEXT ? Math.log(2) : 0);
  const lifts: Lifts = { of: () => lift, within: () => lift };
  const setting = { freq: panel.freq, seasons: [7, 364], window: 28 };
  const told = (liftsBefore?: () => Lifts, name = 'season 364, 1 ago'): number[] => {
    const { features, level } = featureTable(panel, rowsAhead(panel, H, [0]), setting, { liftsBefore });
    const own = features.find((one) => one.name === name)!.values;
    return Array.from(own, (value, r) => Math.round(value * level[r]!));
  };
  const usual = Array(H).fill(10);
  expect(told()).toEqual(usual.with(THEN + 364 - DAYS, 20));
  expect(told(() => lifts)).toEqual(usual.with(NEXT - DAYS, 20));
  expect(told(() => lifts, 'mean season 364')).toEqual(usual.with(NEXT - DAYS, 20));
  expect(told(() => lifts, 'season 7, 1 ago')).toEqual(usual.with(NEXT - DAYS, 20));
  expect(told(() => lifts, 'season 364 of all')).toEqual(usual.with(NEXT - DAYS, 20));
});
