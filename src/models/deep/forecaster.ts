// A forecaster of a whole panel: networks that learn its windows, and forecast as their scheme says.
import { DataError, UsageError } from '../../core/errors.ts';
import type { Examples } from '../../learn/network/examples.ts';
import { type Runtime, usualRuntime } from '../../learn/network/runtime.ts';
import type { Moment, Weights } from '../../learn/network/train.ts';
import type { GlobalContext, GlobalModel } from '../global-model.ts';
import { newcomersOf, refuseStrangers, stepsOn } from './fine-tuning.ts';
import { type Ground, groundLike, groundOf, sizesOn } from './ground.ts';
import { heldOut } from './held-out.ts';
import { type DeepOptions, type DeepSettings, deepSettings } from './options.ts';
import type { Fit, Scheme } from './scheme.ts';
import { SOUGHT, searchSettings } from './search.ts';
import { type Lesson, stepsFor, trainNetworks } from './training.ts';
import { type Cutoffs, cutoffsOf, type Sizes } from './windows.ts';

/** Plain data. */
export interface DeepState<Traits = unknown> extends Fit<Traits> {
  /** Steps of the first training of each, from scratch. */
  readonly trainedSteps: number;
  /** How the loss of each fell, when it was last trained. */
  readonly histories: readonly (readonly Moment[])[];
  /** What it is, in words. */
  readonly notes: readonly string[];
  /** What there is to say of the runtime. */
  readonly remarks: readonly string[];
}

/** What a network is called in notes: how many, how large, and what it learned from. */
function inWords(name: string, trained: readonly Weights[], windows: number, { window }: Sizes): string {
  const taken = trained.map(({ history }) => history.at(-1)!);
  const { steps } = taken[0]!;
  const stopped = taken.some(({ step }) => step < steps)
    ? `, stopped at ${taken.map(({ step }) => step).join(' and ')}`
    : '';
  return (
    `${name}: ${trained.length} networks of ${trained[0]!.theta.length.toLocaleString('en')} parameters, ` +
    `${steps} steps each${stopped} over ${windows.toLocaleString('en')} windows of ${window} periods`
  );
}

const choiceInWords = ({ width, rate, drop }: DeepSettings, { window }: Sizes): string =>
  `window ${window}, width ${width}, rate ${rate}, drop ${drop}`;

/** A forecaster with the given scheme. Training takes as many steps as it is told, on the runtime that is installed. */
export function deepForecaster<Traits>(
  name: string,
  scheme: Scheme<Traits>,
  options: DeepOptions,
  usual: DeepOptions = {},
): GlobalModel<DeepState<Traits>> {
  const asked = deepSettings(name, options, usual);
  /** The windows of a panel that there are to learn from, and those that are held out where early stopping is wanted. */
  const learnable = (
    ground: Ground,
    sizes: Sizes,
    traits: Traits,
    { patience }: DeepSettings,
    seed: number,
  ): Pick<Lesson, 'examples' | 'held'> => {
    const cutoffs = cutoffsOf(ground.panel, sizes, seed);
    if (cutoffs.series.length === 0) {
      throw new DataError(`${name} finds no window to learn from: every series is shorter than 2 periods.`);
    }
    const split = patience > 0 ? heldOut(ground.panel, cutoffs, sizes.h, seed) : undefined;
    const examplesOf = (own: Cutoffs): Examples => scheme.examples(ground, sizes, traits, own);
    return split
      ? { examples: examplesOf(split.learned), held: examplesOf(split.held) }
      : { examples: examplesOf(cutoffs) };
  };
  /** The settings of a fit: those that are asked for, and what a search finds or another fit found. */
  const settled = async (
    ground: Ground,
    traits: Traits,
    runtime: Runtime,
    context: GlobalContext,
    like: DeepState<Traits> | undefined,
  ): Promise<DeepSettings> => {
    if (asked.trials === 1) return asked;
    if (like) return { ...asked, ...Object.fromEntries(SOUGHT.map((one) => [one, like.settings[one]])) };
    const free = SOUGHT.filter((one) => options[one] === undefined);
    return searchSettings({ name, scheme, traits, ground, settings: asked, free }, runtime, context);
  };
  const refuseBeyond = (h: number, sizes: Sizes): void => {
    if (h > sizes.h) {
      throw new UsageError(
        `${name} was fitted to ${sizes.h} periods ahead, and ${h} are asked for; train anew with -H ${h}.`,
      );
    }
  };
  const { effects } = scheme;
  return {
    name,
    ...(effects ? { effectsOf: effects } : {}),
    async fitAll(panel, context, like) {
      const { h, season_length, seed } = context;
      const ground = groundOf(panel, h, season_length, asked.identity);
      const { runtime, note } = await usualRuntime();
      const traits = scheme.traitsOf(panel);
      const settings = await settled(ground, traits, runtime, context, like);
      const sizes = sizesOn(ground, settings);
      const lesson = learnable(ground, sizes, traits, settings, seed);
      const objective = scheme.objective(ground, sizes, traits, settings);
      const steps = settings.steps || stepsFor(lesson.examples.count, settings.batch);
      const trained = await trainNetworks({ name, objective, ...lesson, settings, steps }, runtime, context);
      return {
        settings,
        readings: ground.readings,
        sizes,
        identities: ground.identities,
        networks: trained.map(({ theta, memory }) => ({ theta, memory })),
        trainedSteps: steps,
        histories: trained.map(({ history }) => history),
        traits,
        notes: [
          inWords(name, trained, lesson.examples.count, sizes),
          ...(asked.trials > 1
            ? [`${name}: ${choiceInWords(settings, sizes)}, chosen on an earlier window`]
            : []),
        ],
        remarks: note ? [note] : [],
      };
    },
    async fineTune(state, panel, context) {
      const { h, season_length, seed } = context;
      refuseBeyond(h, state.sizes);
      refuseStrangers(name, state, panel, season_length);
      const { sizes, settings, traits } = state;
      const steps = stepsOn(state.trainedSteps);
      const ground = groundLike(panel, state);
      const lesson = learnable(ground, sizes, traits, settings, seed);
      const { runtime, note } = await usualRuntime();
      const trained = await trainNetworks(
        {
          name,
          objective: scheme.objective(ground, sizes, traits, settings),
          ...lesson,
          settings,
          steps,
          start: state.networks,
        },
        runtime,
        context,
      );
      return {
        ...state,
        networks: trained.map(({ theta, memory }) => ({ theta, memory })),
        histories: trained.map(({ history }) => history),
        notes: [...state.notes, `fine-tuned: ${inWords(name, trained, lesson.examples.count, sizes)}`],
        remarks: [...(note ? [note] : []), ...newcomersOf(name, state, panel)],
      };
    },
    remarksOf: ({ remarks }) => remarks,
    curvesOf: ({ histories }) => histories,
    async forecastAll(state, panel, h) {
      refuseBeyond(h, state.sizes);
      const { runtime } = await usualRuntime();
      return scheme.forecast(state, groundLike(panel, state), h, runtime);
    },
  };
}
