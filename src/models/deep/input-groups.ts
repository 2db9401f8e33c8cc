// Inputs of a network by what they tell of, for explanations; named as the features of other models are.
import { type Driver, RECENT, SEASON } from '../../features/feature-table.ts';
import type { Inputs, Readings } from './inputs.ts';
import type { Stretch } from './mixture.ts';
import { type Sizes, variableSizes } from './windows.ts';

export interface InputGroup {
  readonly driver: Driver;
  readonly stretches: readonly Stretch[];
}

/** The season that the plain forecast carries on. What longer seasons tell has the same name, but is another group. */
export const CARRIED: Driver = { ...SEASON };
const CALENDAR: Driver = { name: 'calendar', part: 'seasonal' };
const ITSELF: Driver = { name: 'the series itself', part: 'level' };

const times = (count: number, driver: Driver | undefined): (Driver | undefined)[] =>
  new Array<Driver | undefined>(count).fill(driver);

/**
 * The groups, each of which a network may be told or not. In none of them are the place of a step in the horizon, and columns that are
 * told by undoing them: the plan, and those of the past alone. What the columns of the plan were in the past counts to the values that
 * they moved, and what they were in the period that the plain forecast comes from to the season.
 */
export function inputGroups(readings: Readings, inputs: Inputs, sizes: Sizes): InputGroup[] {
  const { variables } = inputs;
  const known = variables.known.length;
  const waves = variables.period.length - known;
  const further = sizes.further.length;
  const attributes = readings.statics.filter(({ kind }) => kind === 'category');
  const numbers = readings.statics.filter(({ kind }) => kind !== 'category');
  const told = {
    past: [...times(2, RECENT), ...times(waves, CALENDAR), ...times(known, RECENT)],
    future: [
      ...times(2, CARRIED),
      undefined,
      ...times(further, SEASON),
      ...times(waves, CALENDAR),
      ...times(known, undefined),
      ...times(known, CARRIED),
    ],
    statics: [...times(4, RECENT), ...numbers.map(({ name }): Driver => ({ name, part: 'level' }))],
  };
  const found = new Map<Driver, Stretch[]>();
  const add = (driver: Driver, stretch: Stretch): void => {
    const own = found.get(driver) ?? [];
    found.set(driver, own);
    own.push(stretch);
  };
  const widths = variableSizes(inputs, sizes);
  const rows = { past: sizes.window, future: sizes.h, statics: 1 } as const;
  for (const field of ['past', 'future', 'statics'] as const) {
    const width = widths[field].reduce((sum, size) => sum + size, 0);
    let at = 0;
    for (const [v, size] of widths[field].entries()) {
      const driver = told[field][v];
      for (let step = 0; driver && step < rows[field]; step++)
        add(driver, { field, from: step * width + at, to: step * width + at + size });
      at += size;
    }
  }
  for (const k of sizes.categories.keys()) {
    const driver: Driver = attributes[k] ? { name: attributes[k].name, part: 'level' } : ITSELF;
    add(driver, { field: `code_${k}`, from: 0, to: 1 });
  }
  return [...found].map(([driver, stretches]) => ({ driver, stretches }));
}
