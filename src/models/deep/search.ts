// The search for the size of a network and how it learns: successive halving (Jamieson and Talwalkar 2016) on an earlier window.
import { within } from '../../core/checkpoint.ts';
import { random } from '../../core/random.ts';
import type { Runtime } from '../../learn/network/runtime.ts';
import type { GlobalContext } from '../global-model.ts';
import { type Ground, sizesOn } from './ground.ts';
import { heldOut } from './held-out.ts';
import type { DeepSettings } from './options.ts';
import type { Scheme } from './scheme.ts';
import { type Lesson, stepsFor, trainNetworks } from './training.ts';
import { cutoffsOf } from './windows.ts';

/** What is searched for. */
export type Sought = 'window' | 'width' | 'rate' | 'drop';
export const SOUGHT: readonly Sought[] = ['window', 'width', 'rate', 'drop'];

/** Multiples of the usual that are tried, and shares that are left out. */
const WINDOWS = [0.5, 1, 1.5];
const WIDTHS = [0.5, 1, 2];
const RATES = [0.5, 1, 2];
const DROPS = [0.1, 0.2, 0.3, 0.5];
const LEAST_WINDOW = 8;
/** Steps of a trial at least: of fewer, next to nothing can be said. */
const LEAST_STEPS = 50;
/** Drawings after which no other settings are looked for: where most are given, there are few. */
const MOST_DRAWINGS = 20;

/** Rounds of halving; each takes about as many steps as one network of the fit. */
export const roundsOf = (trials: number): number => Math.ceil(Math.log2(trials));

/** The settings as they are, and others that differ in what was not given. */
function candidates(
  usual: DeepSettings,
  trials: number,
  free: readonly Sought[],
  seed: number,
): DeepSettings[] {
  const { below } = random(seed, 'search');
  const oneOf = (choices: readonly number[]): number => choices[below(choices.length)]!;
  const out = new Map<string, DeepSettings>();
  const keyOf = (own: DeepSettings): string => SOUGHT.map((name) => own[name]).join(' ');
  out.set(keyOf(usual), usual);
  for (let k = 0; k < MOST_DRAWINGS * trials && out.size < trials; k++) {
    const drawn: Readonly<Record<Sought, number>> = {
      window: Math.max(LEAST_WINDOW, Math.round(oneOf(WINDOWS) * usual.window)),
      width: Math.max(1, Math.round(oneOf(WIDTHS) * usual.width)),
      rate: oneOf(RATES) * usual.rate,
      drop: oneOf(DROPS),
    };
    const own = { ...usual, ...Object.fromEntries(free.map((name) => [name, drawn[name]])) };
    if (!out.has(keyOf(own))) out.set(keyOf(own), own);
  }
  return [...out.values()];
}

/** What a search is about. */
export interface Search<Traits> {
  readonly name: string;
  readonly scheme: Scheme<Traits>;
  readonly traits: Traits;
  readonly ground: Ground;
  readonly settings: DeepSettings;
  /** Settings that may be changed. */
  readonly free: readonly Sought[];
}

/**
 * The settings that forecast the last h known periods of all series best, learned from what lies before: all candidates take few
 * steps, the better half twice as many, until one is left. The settings as they are where no series is long enough to tell.
 */
export async function searchSettings<Traits>(
  { name, scheme, traits, ground, settings, free }: Search<Traits>,
  runtime: Runtime,
  {
    seed,
    onProgress,
    checkpoint,
    signal,
  }: Pick<GlobalContext, 'seed' | 'onProgress' | 'checkpoint' | 'signal'>,
): Promise<DeepSettings> {
  const { trials } = settings;
  const usual = { ...settings, window: sizesOn(ground, settings).window };
  const rounds = roundsOf(trials);
  let alive = candidates(usual, trials, free, seed);
  for (let round = 0; alive.length > 1; round++) {
    const scored: { readonly own: DeepSettings; readonly loss: number }[] = [];
    for (const [k, own] of alive.entries()) {
      const sizes = sizesOn(ground, own);
      const split = heldOut(ground.panel, cutoffsOf(ground.panel, sizes, seed), sizes.h, seed, 1);
      if (!split) return settings;
      const examples = scheme.examples(ground, sizes, traits, split.learned);
      const whole = own.steps || stepsFor(examples.count, own.batch);
      const lesson: Lesson = {
        name: `${name}, search`,
        objective: scheme.objective(ground, sizes, traits, own),
        examples,
        held: scheme.examples(ground, sizes, traits, split.held),
        settings: { ...own, networks: 1, patience: 0 },
        steps: Math.min(whole, Math.max(LEAST_STEPS, Math.ceil(whole / 2 ** Math.max(1, rounds - round)))),
        looks: 1,
      };
      const [weights] = await trainNetworks(lesson, runtime, {
        seed,
        checkpoint: within(checkpoint, `trial-${round}-${k}`),
        signal,
      });
      scored.push({ own, loss: weights!.history.at(-1)!.held });
      onProgress?.({
        stage: `${name}, search round ${round + 1}`,
        unit: 'trials',
        done: k + 1,
        total: alive.length,
        note: `held out ${Math.min(...scored.map(({ loss }) => loss)).toPrecision(3)} at best`,
      });
    }
    alive = scored
      .sort((a, b) => a.loss - b.loss)
      .slice(0, Math.ceil(alive.length / 2))
      .map(({ own }) => own);
  }
  return alive[0]!;
}
