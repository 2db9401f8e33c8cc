// A forecaster of a whole panel from the body of a network: windows in, quantiles of every step of the horizon out.
import type { QuantileDistribution } from '../../core/distribution.ts';
import { DataError } from '../../core/errors.ts';
import { lengthOf, type Panel } from '../../core/panel.ts';
import type { Value } from '../../learn/network/graph.ts';
import { dense } from '../../learn/network/layers/dense.ts';
import { embedding } from '../../learn/network/layers/embedding.ts';
import { pinball, rising } from '../../learn/network/losses.ts';
import { concat, expand, reshape } from '../../learn/network/operators/shape.ts';
import { adam } from '../../learn/network/optimisers.ts';
import type { Scope } from '../../learn/network/parameters.ts';
import { type Network, predict } from '../../learn/network/predict.ts';
import { usualRuntime } from '../../learn/network/runtime.ts';
import { warmCosine } from '../../learn/network/schedules.ts';
import { type Moment, type Objective, train, type Weights } from '../../learn/network/train.ts';
import { settingOf } from '../boosted/rows.ts';
import type { GlobalModel } from '../global-model.ts';
import { inputsOf, type Readings, readingsOf } from './inputs.ts';
import { type DeepOptions, type DeepSettings, deepSettings } from './options.ts';
import { cutoffsOf, endsOf, footingOf, type Sizes, sizesOf, windowExamples } from './windows.ts';

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
  readonly weights: Pick<Weights, 'theta' | 'memory'>;
  readonly history: readonly Moment[];
  /** Whether sums matter more than the middle: series that are mostly zero have a median of 0. */
  readonly sparse: boolean;
  readonly notes: readonly string[];
}

/** Seasons up to here are seen whole. */
const LONGEST_SEEN = 60;

const windowFor = (seasons: readonly number[], h: number): number => {
  const season = seasons.filter((m) => m <= LONGEST_SEEN).at(-1) ?? 0;
  return Math.max(16, Math.min(128, Math.max(season + Math.ceil(season / 8), 2 * h)));
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

/** The whole network: body, then quantiles that do not cross. */
function networkOf(body: Body, sizes: Sizes, settings: DeepSettings): Network {
  return (fields, scope) => {
    const batch = fields.past!.shape[0]!;
    const learned = sizes.categories.map((count, k) => {
      const width = Math.min(16, Math.ceil(Math.sqrt(count)));
      const row = embedding(count, width, { name: `category_${k}` })(fields[`code_${k}`]!, scope);
      return reshape(row, [batch, width]);
    });
    const statics = concat([fields.statics!, ...learned], -1);
    const features = body({ past: fields.past!, future: fields.future!, statics }, scope, settings);
    const raw = dense(settings.quantiles.length, { name: 'quantiles' })(features, scope);
    return { quantiles: rising(raw) };
  };
}

const objectiveOf =
  (network: Network, { quantiles }: DeepSettings): Objective =>
  (fields, scope) => ({
    losses: pinball(network(fields, scope).quantiles!, fields.y!, quantiles),
    weights: expand(fields.weight!, [...fields.weight!.shape.slice(0, -1), quantiles.length]),
  });

/** Windows that are looked at while training goes on. */
const LOOKS = 20;

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
    async fitAll(panel, { h, season_length, seed }) {
      const { seasons } = settingOf(panel, season_length);
      const readings = readingsOf(panel, seasons);
      const inputs = inputsOf(panel, readings, h);
      const identities = settings.identity ? panel.ids : [];
      const sizes = sizesOf(inputs, {
        window: settings.window || windowFor(seasons, h),
        h,
        season: seasons.at(-1) ?? 0,
        identities: identities.length === 0 ? 0 : identities.length + 1,
      });
      const cutoffs = cutoffsOf(panel, sizes, seed);
      if (cutoffs.series.length === 0) {
        throw new DataError(`${name} finds no window to learn from: every series is shorter than 2 periods.`);
      }
      const examples = windowExamples(panel, inputs, sizes, cutoffs, (i) => (settings.identity ? i + 1 : 0));
      const { runtime, note } = await usualRuntime();
      const network = networkOf(body, sizes, settings);
      const { theta, memory, history, parameters } = await train(
        objectiveOf(network, settings),
        examples,
        runtime,
        {
          steps: settings.steps,
          batch: settings.batch,
          rate: warmCosine(settings.rate),
          optimiser: adam({ decay: 0.01 }),
          clip: 1,
          average: 0.995,
          every: Math.max(1, Math.ceil(settings.steps / LOOKS)),
          seed,
        },
      );
      const notes = [
        `${name} of ${theta.length.toLocaleString('en')} parameters in ${parameters.length} tables, ` +
          `${settings.steps} steps over ${examples.count.toLocaleString('en')} windows of ${sizes.window} periods`,
        ...(note ? [note] : []),
      ];
      return {
        settings,
        readings,
        sizes,
        identities,
        weights: { theta, memory },
        history,
        sparse: isSparse(panel),
        notes,
      };
    },
    async forecastAll(state, panel, h) {
      const { readings, sizes, identities, weights, sparse } = state;
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
      const network = networkOf(body, sizes, state.settings);
      const { quantiles } = await predict(network, weights, examples, runtime);
      const probabilities = Float64Array.from(state.settings.quantiles);
      return panel.ids.map((_, i) => {
        const n = lengthOf(panel, i);
        const to = panel.offsets[i + 1]!;
        const { level, scale } = footingOf(panel.y, to - Math.min(n, sizes.window), to);
        return distribution(quantiles!, i * sizes.h, h, { level, scale, probabilities, sparse });
      });
    },
  };
}

/** The forecast of one series, in units of y: the mean is the median, or of sparse series that of the quantiles. */
function distribution(
  quantiles: Float32Array,
  firstRow: number,
  h: number,
  {
    level,
    scale,
    probabilities,
    sparse,
  }: { level: number; scale: number; probabilities: Float64Array; sparse: boolean },
): QuantileDistribution {
  const width = probabilities.length;
  const values = new Float64Array(h * width);
  const mean = new Float64Array(h);
  const middle = probabilities.findIndex((p) => p >= 0.5);
  for (let s = 0; s < h; s++) {
    let sum = 0;
    for (let k = 0; k < width; k++) {
      const value = level + scale * quantiles[(firstRow + s) * width + k]!;
      values[s * width + k] = value;
      sum += value;
    }
    mean[s] = sparse ? sum / width : values[s * width + Math.max(0, middle)]!;
  }
  return { kind: 'quantiles', mean, probabilities, values };
}
