// What a fit stands on, whatever the network: how the panel is read, its seasons, and which series have an identity.
import { lengthOf, type Panel } from '../../core/panel.ts';
import { settingOf } from '../../features/feature-rows.ts';
import type { Examples } from '../../learn/network/examples.ts';
import { type Inputs, inputsOf, type Readings, readingsOf } from './inputs.ts';
import type { DeepSettings } from './options.ts';
import { type Cutoffs, type Sizes, sizesOf, usualFooting, windowExamples } from './windows.ts';

export interface Ground {
  readonly panel: Panel;
  readonly readings: Readings;
  readonly inputs: Inputs;
  readonly h: number;
  /** Ascending. */
  readonly seasons: readonly number[];
  /** The series that have an identity. */
  readonly identities: readonly string[];
}

/** Seasons up to here are carried on; longer ones are told beside them. */
const LONGEST_CARRIED = 60;
/** Seasons that the past must hold for the calendar to be told in them: of fewer, each wave is a date that was seen once. */
const LEAST_SEASONS = 3;

/** Four weeks, two years of months, half a longer season, and at least half the horizon. */
const windowFor = (season: number, h: number): number => {
  const seasons = season <= 7 ? 4 * season : season <= 14 ? 2 * season : Math.ceil(season / 2);
  return Math.max(16, Math.min(64, Math.max(seasons, Math.ceil(h / 2))));
};

/** The season that is carried on; 0 for none. */
const carriedOf = (seasons: readonly number[]): number =>
  seasons.filter((m) => m <= LONGEST_CARRIED).at(-1) ?? 0;

/** Periods of the past that are seen by default. */
export const usualWindow = (panel: Panel, h: number, season_length: number): number =>
  windowFor(carriedOf(settingOf(panel, season_length).seasons), h);

/** The ground of a first fit to a panel. */
export function groundOf(panel: Panel, h: number, season_length: number, identity: boolean): Ground {
  const { seasons } = settingOf(panel, season_length);
  const longest = panel.ids.reduce((most, _, i) => Math.max(most, lengthOf(panel, i)), 0);
  const readings = readingsOf(
    panel,
    seasons.filter((m) => longest >= LEAST_SEASONS * m),
  );
  const identities = identity ? panel.ids : [];
  return { panel, readings, inputs: inputsOf(panel, readings, h), h, seasons, identities };
}

/** A panel on the ground of another fit: read as it read. */
export const groundLike = (
  panel: Panel,
  { readings, sizes, identities }: Pick<Ground, 'readings' | 'identities'> & { readonly sizes: Sizes },
): Ground => ({
  panel,
  readings,
  inputs: inputsOf(panel, readings, sizes.h),
  h: sizes.h,
  seasons: sizes.season > 0 ? [sizes.season, ...sizes.further] : sizes.further,
  identities,
});

/** The sizes of a network with the given settings. */
export function sizesOn(
  { panel, inputs, h, seasons, identities }: Ground,
  { window }: Pick<DeepSettings, 'window'>,
): Sizes {
  const season = carriedOf(seasons);
  return sizesOf(inputs, {
    window: window || windowFor(season, h),
    h,
    season,
    further: seasons.filter((m) => m > LONGEST_CARRIED),
    usual: usualFooting(panel, season),
    identities: identities.length === 0 ? 0 : identities.length + 1,
  });
}

/** Windows of the ground's panel as examples, with counts where they are asked for; series that have no identity share one. */
export function examplesOn(
  { panel, inputs, identities }: Ground,
  sizes: Sizes,
  cutoffs: Cutoffs,
  counts = false,
): Examples {
  const places = new Map(identities.map((id, k) => [id, k + 1]));
  return windowExamples(panel, inputs, sizes, cutoffs, (i) => places.get(panel.ids[i]!) ?? 0, counts);
}
