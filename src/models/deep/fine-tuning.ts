// Going on from saved networks on newer data: what fits them, what does not, and how much they still learn.
import { DataError } from '../../core/errors.ts';
import type { Panel } from '../../core/panel.ts';
import { settingOf } from '../../features/feature-rows.ts';
import type { DeepState } from './forecaster.ts';

/**
 * Share of the steps of the first training. Of the shares and rates that were tried on windows before those that are reported, a tenth
 * at the rate of the first training was best in the mean of three sets. Learning from new windows alone was far better on one
 * of them and far worse on another, so all windows are learned from.
 */
const STEPS = 1 / 10;

/** Steps that networks learn on for: a share of the first training, however often it was gone on with. */
export const stepsOn = (trainedSteps: number): number => Math.max(1, Math.ceil(STEPS * trainedSteps));

/** Refuses a panel that saved networks cannot read as they did the one they learned from. */
export function refuseStrangers(
  name: string,
  { readings, sizes }: Pick<DeepState, 'readings' | 'sizes'>,
  panel: Panel,
  season_length: number,
): void {
  const { seasons } = settingOf(panel, season_length);
  for (const m of [sizes.season, ...sizes.further]) {
    if (m > 0 && !seasons.includes(m)) {
      throw new DataError(
        `${name} was fitted to a season of ${m} periods, and this panel has ${seasons.join(' and ') || 'none'}; train anew.`,
      );
    }
  }
  const kinds = [
    [readings.known, panel.knownFuture],
    [readings.past, panel.pastOnly],
    [readings.statics, panel.statics],
  ] as const;
  for (const [read, columns] of kinds) {
    const there = columns.map((column) => column.name);
    const known = read.map((reading) => reading.name);
    const missing = known.find((column) => !there.includes(column));
    if (missing !== undefined) {
      throw new DataError(
        `${name} was fitted with the column "${missing}", which this panel does not have; give it, or train anew.`,
      );
    }
    const strange = there.find((column) => !known.includes(column));
    if (strange !== undefined) {
      throw new DataError(
        `${name} was fitted without the column "${strange}"; leave it out, or train anew with it.`,
      );
    }
  }
}

/** What must be said of categories that saved networks do not know. */
export function newcomersOf(
  name: string,
  { readings }: Pick<DeepState, 'readings'>,
  { statics }: Panel,
): string[] {
  return readings.statics.flatMap((reading) => {
    if (reading.kind !== 'category') return [];
    const levels = statics.find((column) => column.name === reading.name)?.levels ?? [];
    const fresh = levels.filter((level) => !reading.levels.includes(level));
    if (fresh.length === 0) return [];
    return [
      `${name} does not know ${fresh.length === 1 ? `the ${reading.name} "${fresh[0]}"` : `${fresh.length} values of "${reading.name}", such as "${fresh[0]}"`} and learns what is new together as one; train anew to tell apart.`,
    ];
  });
}
