import { expect, it } from 'vitest';
import { frequency } from '../../../src/core/frequency.ts';
import { allocatePanel, CellState } from '../../../src/core/panel.ts';
import { plannedColumns, undoneEvents } from '../../../src/models/events/undone.ts';

/** Two products of three years whose sales double on one day of each March and of each August. */
function feasts() {
  const days = 3 * 365;
  const panel = allocatePanel({ freq: frequency('D'), ids: ['tea', 'pot'], target: 'units' }, [days, days], {
    knownFuture: [{ name: 'spring' }, { name: 'summer' }, { name: 'price' }],
  });
  const [spring, summer, price] = panel.knownFuture.map(({ values }) => values);
  for (let t = 0; t < 2 * days; t++) {
    const day = t % days;
    spring![t] = day % 365 === 70 ? 1 : 0;
    summer![t] = day % 365 === 220 ? 1 : 0;
    price![t] = day % 40 < 20 ? 9 : 10;
    panel.y[t] = 20 * (1 + spring![t]! + summer![t]!);
    panel.state[t] = CellState.observed;
  }
  return panel;
}

it('takes the events that are asked for out of the past, and no others', () => {
  const panel = feasts();
  const undone = undoneEvents(panel, [7, 365]);
  const { panel: without, gone } = undone(['spring', 'price'])!;
  expect(gone).toEqual(['spring']);
  expect(without.y[365 + 70]!).toBeLessThan(30);
  expect(without.y[365 + 220]).toBe(40);
  expect(undone(['spring'])).toBe(undone(['price', 'spring']));
  expect(undone(['price'])).toBe(undefined);
  const columns = plannedColumns(panel.knownFuture, gone, without);
  expect(columns[0]!.values.every((value) => value === 0)).toBe(true);
  expect(columns.slice(1)).toEqual(panel.knownFuture.slice(1));
});

it('leaves them in where no season is long enough to remember them', () => {
  expect(undoneEvents(feasts(), [7])(['spring'])).toBe(undefined);
});
