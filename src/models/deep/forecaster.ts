// A forecaster of a whole panel from the body of a network: windows in, quantiles of every step of the horizon out.
import { within } from '../../core/checkpoint.ts';
import type { QuantileDistribution } from '../../core/distribution.ts';
import { DataError, UsageError } from '../../core/errors.ts';
import { lengthOf, type Panel } from '../../core/panel.ts';
import type { ProgressListener } from '../../core/progress.ts';
import { supportOf } from '../../core/support.ts';
import { settingOf } from '../../features/feature-rows.ts';
import type { Value } from '../../learn/network/graph.ts';
import { same } from '../../learn/network/initialisers.ts';
import { dense } from '../../learn/network/layers/dense.ts';
import { embedding } from '../../learn/network/layers/embedding.ts';
import { pinball } from '../../learn/network/losses.ts';
import { concat, expand, reshape } from '../../learn/network/operators/shape.ts';
import { adam } from '../../learn/network/optimisers.ts';
import type { Scope } from '../../learn/network/parameters.ts';
import { type Network, predict } from '../../learn/network/predict.ts';
import { usualRuntime } from '../../learn/network/runtime.ts';
import { warmCosine } from '../../learn/network/schedules.ts';
import { type Moment, type Objective, train, type Weights } from '../../learn/network/train.ts';
import type { GlobalModel } from '../global-model.ts';
import { fan, middleOf } from './fan.ts';
import { type Base, baseOf, footingOf } from './footing.ts';
import { inputsOf, type Readings, readingsOf } from './inputs.ts';
import { type DeepOptions, type DeepSettings, deepSettings } from './options.ts';
import { cutoffsOf, endsOf, type Sizes, sizesOf, usualFooting, windowExamples } from './windows.ts';

/** What the body of a network gets: a batch of windows. */
export interface Windows {
  /** [batch, window, past] */
  readonly past: Value;
  /** [batch, h, future] */
  readonly future: Value;
  /** [batch, statics]: attributes, and what was learned of categories. */
  readonly statics: Value;
}

/** The part in which networks differ: features of every step of the horizon, [batch, h, any], from a batch of windows. */
export type Body = (windows: Windows, scope: Scope, settings: DeepSettings) => Value;

/** Plain data. */
export interface DeepState {
  readonly settings: DeepSettings;
  readonly readings: Readings;
  readonly sizes: Sizes;
  /** The series that have an identity. */
  readonly identities: readonly string[];
  /** One a network; the mean of them is forecast. */
  readonly networks: readonly Pick<Weights, 'theta' | 'memory'>[];
  /** How the loss of each fell. */
  readonly histories: readonly (readonly Moment[])[];
  /** Whether sums matter more than the middle: series that are mostly zero have a median of 0. */
  readonly sparse: boolean;
  /** What it is, in words. */
  readonly notes: readonly string[];
  /** What there is to say of the runtime. */
  readonly remarks: readonly string[];
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

/** Shares of zeros from which a series is sparse. */
const MANY_ZEROS = 1 / 3;

const isSparse = ({ y }: Panel): boolean => {
  let [zero, count] = [0, 0];
  for (const v of y) {
    if (Number.isNaN(v)) continue;
    count++;
    if (v === 0) zero++;
  }
  return zero > MANY_ZEROS * count;
};

/** The whole network: body, then quantiles that do not cross. What it forecasts is what comes beyond the plain forecast. */
function networkOf(body: Body, sizes: Sizes, settings: DeepSettings): Network {
  return (fields, scope) => {
    const batch = fields.past!.shape[0]!;
    const learned = sizes.categories.map((count, k) => {
      const width = Math.min(8, Math.ceil(Math.sqrt(count)));
      const row = embedding(count, width, { name: `category_${k}` })(fields[`code_${k}`]!, scope);
      return reshape(row, [batch, width]);
    });
    const statics = concat([fields.statics!, ...learned], -1);
    const features = body({ past: fields.past!, future: fields.future!, statics }, scope, settings);
    const head = dense(settings.quantiles.length, { name: 'quantiles', start: same(0) });
    return { quantiles: fan(head(features, scope), settings.quantiles) };
  };
}

const objectiveOf =
  (network: Network, { quantiles }: DeepSettings): Objective =>
  (fields, scope) => ({
    losses: pinball(network(fields, scope).quantiles!, fields.y!, quantiles),
    weights: expand(fields.weight!, [...fields.weight!.shape.slice(0, -1), quantiles.length]),
  });

/** Most and fewest steps where none are asked for, and passes over all windows between them. */
const MOST_STEPS = 1000;
const LEAST_STEPS = 200;
const PASSES = 8;

const stepsFor = (windows: number, batch: number): number =>
  Math.max(LEAST_STEPS, Math.min(MOST_STEPS, Math.ceil((PASSES * windows) / batch)));

/** Times that the loss is noted. */
const LOOKS = 20;

const rounded = (loss: number): string => loss.toPrecision(3);

/** Tells how far the training of all networks is at each look at one of them. */
function tellerOf(
  stage: string,
  member: number,
  networks: number,
  onProgress: ProgressListener | undefined,
): (moment: Moment, first: Moment) => void {
  return ({ step, steps, loss }, first) =>
    onProgress?.({
      stage,
      unit: 'steps',
      done: member * steps + step,
      total: networks * steps,
      note: `loss ${rounded(loss)}${step > first.step ? ` (was ${rounded(first.loss)})` : ''}`,
    });
}

/** A forecaster with the given body. Training takes as many steps as it is told, on the runtime that is installed. */
export function deepForecaster(
  name: string,
  body: Body,
  options: DeepOptions,
  usual: DeepOptions = {},
): GlobalModel<DeepState> {
  const settings = deepSettings(name, options, usual);
  return {
    name,
    async fitAll(panel, { h, season_length, seed, onProgress, checkpoint, signal }) {
      const { seasons } = settingOf(panel, season_length);
      const longest = panel.ids.reduce((most, _, i) => Math.max(most, lengthOf(panel, i)), 0);
      const readings = readingsOf(
        panel,
        seasons.filter((m) => longest >= LEAST_SEASONS * m),
      );
      const inputs = inputsOf(panel, readings, h);
      const season = seasons.filter((m) => m <= LONGEST_CARRIED).at(-1) ?? 0;
      const identities = settings.identity ? panel.ids : [];
      const sizes = sizesOf(inputs, {
        window: settings.window || windowFor(season, h),
        h,
        season,
        further: seasons.filter((m) => m > LONGEST_CARRIED),
        usual: usualFooting(panel, season),
        identities: identities.length === 0 ? 0 : identities.length + 1,
      });
      const cutoffs = cutoffsOf(panel, sizes, seed);
      if (cutoffs.series.length === 0) {
        throw new DataError(`${name} finds no window to learn from: every series is shorter than 2 periods.`);
      }
      const examples = windowExamples(panel, inputs, sizes, cutoffs, (i) => (settings.identity ? i + 1 : 0));
      const { runtime, note } = await usualRuntime();
      const network = networkOf(body, sizes, settings);
      const steps = settings.steps || stepsFor(examples.count, settings.batch);
      const trained: Weights[] = [];
      for (let member = 0; member < settings.networks; member++) {
        trained.push(
          await train(objectiveOf(network, settings), examples, runtime, {
            steps,
            batch: settings.batch,
            rate: warmCosine(settings.rate),
            optimiser: adam({ decay: settings.decay }),
            clip: 1,
            average: 0.99,
            every: Math.max(1, Math.ceil(steps / LOOKS)),
            seed: seed + member,
            onProgress: tellerOf(name, member, settings.networks, onProgress),
            checkpoint: within(checkpoint, `network-${member}`),
            signal,
          }),
        );
      }
      const notes = [
        `${name}: ${settings.networks} networks of ${trained[0]!.theta.length.toLocaleString('en')} parameters, ` +
          `${steps} steps each over ${examples.count.toLocaleString('en')} windows of ${sizes.window} periods`,
      ];
      return {
        settings,
        readings,
        sizes,
        identities,
        networks: trained.map(({ theta, memory }) => ({ theta, memory })),
        histories: trained.map(({ history }) => history),
        sparse: isSparse(panel),
        notes,
        remarks: note ? [note] : [],
      };
    },
    remarksOf: ({ remarks }) => remarks,
    curvesOf: ({ histories }) => histories,
    async forecastAll(state, panel, h) {
      const { readings, sizes, identities, networks, settings: fitted } = state;
      if (h > sizes.h) {
        throw new UsageError(
          `${name} was fitted to ${sizes.h} periods ahead, and ${h} are asked for; train anew with -H ${h}.`,
        );
      }
      const inputs = inputsOf(panel, readings, sizes.h);
      const places = new Map(identities.map((id, k) => [id, k + 1]));
      const examples = windowExamples(
        panel,
        inputs,
        sizes,
        endsOf(panel),
        (i) => places.get(panel.ids[i]!) ?? 0,
      );
      const { runtime } = await usualRuntime();
      const network = networkOf(body, sizes, fitted);
      const all: Float32Array[] = [];
      for (const weights of networks)
        all.push((await predict(network, weights, examples, runtime)).quantiles!);
      return distributions(state, panel, h, (k) => all.reduce((sum, own) => sum + own[k]!, 0) / all.length);
    },
  };
}

/** What each quantile counts in the mean: half the probability between its neighbours, and all beyond at the ends. */
const sharesOf = (p: readonly number[]): number[] =>
  p.map((own, k) => (k + 1 < p.length ? (own + p[k + 1]!) / 2 : 1) - (k > 0 ? (own + p[k - 1]!) / 2 : 0));

/**
 * The forecasts in units of y: the mean is the median, or of sparse series that of the quantiles. What was never negative stays
 * at 0 or above.
 */
function distributions(
  { settings, sizes, sparse }: DeepState,
  panel: Panel,
  h: number,
  deviationAt: (k: number) => number,
): QuantileDistribution[] {
  const { quantiles } = settings;
  const width = quantiles.length;
  const shares = sharesOf(quantiles);
  const middle = middleOf(quantiles);
  const base: Base = { values: new Float64Array(sizes.h), told: new Float64Array(sizes.h) };
  return panel.ids.map((_, i) => {
    const past = { y: panel.y, from: panel.offsets[i]!, to: panel.offsets[i + 1]! };
    const footing = footingOf(past, sizes.season, sizes.usual);
    baseOf(past, sizes.season, footing, base);
    const { min = -Infinity } = supportOf(panel.y.subarray(past.from, past.to));
    const values = new Float64Array(h * width);
    const mean = new Float64Array(h);
    for (let s = 0; s < h; s++) {
      for (let k = 0; k < width; k++) {
        const value = base.values[s]! + footing.scale * deviationAt((i * sizes.h + s) * width + k);
        values[s * width + k] = Math.max(min, value);
        if (sparse) mean[s]! += shares[k]! * values[s * width + k]!;
      }
      if (!sparse) mean[s] = values[s * width + middle]!;
    }
    return { kind: 'quantiles', mean, probabilities: Float64Array.from(quantiles), values };
  });
}
