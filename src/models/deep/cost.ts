// What networks cost on a panel, measured once and written down, and how thoroughly they learn where less can be paid for.
import { lengthOf, type Panel } from '../../core/panel.ts';
import type { Effort, GlobalPlan } from '../global-model.ts';
import { usualWindow } from './ground.ts';
import { type DeepOptions, USUAL } from './options.ts';
import { roundsOf } from './search.ts';
import { stepsFor } from './training.ts';
import { windowCount } from './windows.ts';

export type DeepName =
  | 'rnn'
  | 'gru'
  | 'lstm'
  | 'cnn'
  | 'mlp'
  | 'nhits'
  | 'tsmixer'
  | 'patch-transformer'
  | 'tft'
  | 'deepar';

/** Nominal milliseconds of a step of 128 windows at the usual width: for the step, for a period seen, and for one forecast. */
const STEP: Readonly<Record<DeepName, readonly [own: number, seen: number, ahead: number]>> = {
  rnn: [2, 0.12, 0.3],
  gru: [2, 0.45, 0.3],
  lstm: [2, 0.5, 0.3],
  cnn: [2, 0.6, 0.3],
  mlp: [2, 0.15, 0.3],
  nhits: [3, 0.2, 0.3],
  tsmixer: [2, 0.1, 1.3],
  'patch-transformer': [3, 0.35, 0.4],
  tft: [6, 1.25, 2.1],
  deepar: [2, 0.55, 0.9],
};
const STEP_WINDOWS = 128;
/** Nominal milliseconds of a period of a series to come, where paths are drawn through it. */
const DRAWN: Partial<Record<DeepName, number>> = { deepar: 0.37 };
/** A forecast of a window against a step with it: nothing is differentiated. */
const FORECAST = 0.4;
/** Searches: before the reported window, and for the forecast. */
const SEARCHES = 2;
/** What networks that were searched for cost against the usual ones, while searching and after: the wide ones are often kept. */
const SEARCHED = 2;

/** Steps that are taken where the usual ones cost too much. */
const FEWER_STEPS = [500, 200];

/** As many networks and steps as by default; one network; and one of fewer steps, where it would take more. */
export function deepEfforts(
  name: DeepName,
  panel: Panel,
  { h, windows, season_length }: GlobalPlan,
  options: DeepOptions,
): Effort[] {
  const { batch, width, networks, trials } = { ...USUAL, ...options };
  const longest = panel.ids.reduce((most, _, i) => Math.max(most, lengthOf(panel, i)), 0);
  const window = options.window || usualWindow(panel, h, season_length);
  const steps = options.steps || stepsFor(windowCount(panel, { h, window }), batch);
  const [own, seen, ahead] = STEP[name];
  const step = own + seen * Math.min(window, longest) + ahead * h;
  const wide = (0.5 + (0.5 * width) / USUAL.width) * (width / USUAL.width);
  const rounds = roundsOf(trials);
  const drawn = (windows + 1) * (DRAWN[name] ?? 0) * h * panel.ids.length;
  const costOf = (taken: number, several: number): number =>
    drawn +
    ((windows + 1) * several + SEARCHES * rounds) *
      (rounds > 0 ? SEARCHED : 1) *
      ((step * wide * (taken * batch + FORECAST * panel.ids.length)) / STEP_WINDOWS);
  const one = options.networks ?? 1;
  return [
    { options: {}, cost: costOf(steps, networks) },
    { options: { networks: 1 }, cost: costOf(steps, one) },
    ...FEWER_STEPS.filter((fewer) => fewer < steps && !options.steps).map((fewer) => ({
      options: { networks: 1, steps: fewer },
      cost: costOf(fewer, one),
    })),
  ];
}
