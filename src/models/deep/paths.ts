// Paths through the horizon, drawn step by step: each step is drawn from what the network says after the step before.
import type { QuantileDistribution } from '../../core/distribution.ts';
import { type Random, random } from '../../core/random.ts';
import { supportOf } from '../../core/support.ts';
import { arraysFor, type Examples } from '../../learn/network/examples.ts';
import { layoutOf, weightsOfPart } from '../../learn/network/part.ts';
import { type Predictor, predictor } from '../../learn/network/predict.ts';
import type { Runtime } from '../../learn/network/runtime.ts';
import { normalQuantile } from '../../math/special.ts';
import { mean as meanOf, median } from '../../math/statistics.ts';
import { pathQuantiles } from '../path-quantiles.ts';
import { type AutoregressiveTraits, BEFORE, partsOf, stateNames } from './autoregressive.ts';
import { type Base, baseOf, footingOf } from './footing.ts';
import { examplesOn, type Ground } from './ground.ts';
import { type Likelihood, likelihoodOf } from './likelihood.ts';
import type { Fit } from './scheme.ts';
import { endsOf, held, liftOf, unitOfCounts } from './windows.ts';

/** About how many paths take a step together. */
const ROWS = 2000;

/** A normal number a path, spread evenly: one of each of as many equal shares of the distribution, in an order that is drawn. */
function spreadNormals(out: Float64Array, draw: Random): void {
  const n = out.length;
  for (let k = 0; k < n; k++) {
    const other = draw.below(k + 1);
    out[k] = out[other]!;
    out[other] = k;
  }
  for (let k = 0; k < n; k++) {
    // Never 0 or 1, where the normal has no end.
    out[k] = normalQuantile((out[k]! + (1 + 1022 * draw.uniform()) / 1024) / n);
  }
}

/** What paths of a series start from, and how what is drawn becomes sales. */
interface Course {
  /** The sale that a draw means at step s, held to what is possible. */
  saleOf(s: number, drawn: number): number;
  /** A sale as the network is told of it. */
  deviationOf(s: number, sale: number): number;
  /** The lift and unit of step s. */
  own(s: number): { readonly lift: number; readonly unit: number };
}

function courseOf(
  { panel }: Ground,
  { sizes }: Pick<Fit<AutoregressiveTraits>, 'sizes'>,
  i: number,
  { counts }: Likelihood,
): Course {
  const past = { y: panel.y, from: panel.offsets[i]!, to: panel.offsets[i + 1]! };
  const footing = footingOf(past, sizes.season, sizes.usual);
  const base: Base = { values: new Float64Array(sizes.h), told: new Float64Array(sizes.h) };
  baseOf(past, sizes.season, footing, base);
  const { values } = base;
  const { min = -Infinity } = supportOf(panel.y.subarray(past.from, past.to));
  const unit = unitOfCounts(footing);
  return {
    saleOf: (s, drawn) => Math.max(min, counts ? drawn : values[s]! + footing.scale * drawn),
    deviationOf: (s, sale) => held((sale - values[s]!) / footing.scale),
    own: (s) => ({ lift: liftOf(values[s]!, unit), unit }),
  };
}

/** One network, its two parts ready for groups of series and all their paths. */
interface Ready {
  readonly past: Predictor;
  readonly step: Predictor;
  /** Numbers that a step is told. */
  readonly toldWidth: number;
}

async function readyFor(
  fit: Fit<AutoregressiveTraits>,
  weights: Fit<AutoregressiveTraits>['networks'][number],
  ground: Ground,
  examples: Examples,
  group: number,
  paths: number,
  runtime: Runtime,
): Promise<Ready> {
  const { settings, sizes, traits } = fit;
  const parts = partsOf(ground, sizes, settings, likelihoodOf(traits.likelihood).width);
  const whole = layoutOf(parts.whole, examples.fields);
  const own = (part: keyof typeof parts, fields: Examples['fields'], batch: number): Promise<Predictor> =>
    predictor(
      parts[part],
      weightsOfPart(weights, whole, layoutOf(parts[part], fields)),
      fields,
      batch,
      runtime,
    );
  const past = await own('past', examples.fields, group);
  const toldWidth = past.widths.told! / sizes.h;
  const fields = {
    before: { shape: [1, BEFORE] },
    told: { shape: [1, toldWidth] },
    ...Object.fromEntries(stateNames(settings.layers).map((name) => [name, { shape: [settings.width] }])),
  };
  return { past, step: await own('step', fields, group * paths), toldWidth };
}

/** Each row as often as there are paths. */
function repeated(rows: Float32Array, width: number, paths: number): Float32Array {
  const out = new Float32Array(rows.length * paths);
  for (let r = 0; r < out.length / width; r++) {
    const from = Math.floor(r / paths) * width;
    out.set(rows.subarray(from, from + width), r * width);
  }
  return out;
}

/**
 * The distributions of all series, read off paths; each network draws its share of them. The draws of a series depend on its
 * name alone. The mean is the median, or of sparse series that of the paths.
 */
export async function drawnPaths(
  fit: Fit<AutoregressiveTraits>,
  ground: Ground,
  h: number,
  paths: number,
  runtime: Runtime,
): Promise<QuantileDistribution[]> {
  const { panel } = ground;
  const { settings, sizes, traits, networks } = fit;
  const likelihood = likelihoodOf(traits.likelihood);
  const n = panel.ids.length;
  const share = Math.ceil(paths / networks.length);
  const group = Math.max(1, Math.min(n, Math.floor(ROWS / share)));
  const examples = examplesOn(ground, sizes, endsOf(panel), likelihood.counts);
  const drawn = panel.ids.map(() => new Float64Array(networks.length * share * h));
  const courses = panel.ids.map((_, i) => courseOf(ground, fit, i, likelihood));
  const names = stateNames(settings.layers);
  const normals = new Float64Array(share);
  for (const [member, weights] of networks.entries()) {
    const { past, step, toldWidth } = await readyFor(fit, weights, ground, examples, group, share, runtime);
    const arrays = arraysFor(examples.fields, group);
    try {
      for (let first = 0; first < n; first += group) {
        const series = Uint32Array.from({ length: group }, (_, k) => Math.min(first + k, n - 1));
        const draws = Array.from(series, (i) => random(member, panel.ids[i]!));
        examples.fill(series, arrays);
        const begun = await past.run(arrays);
        let states: Record<string, Float32Array> = Object.fromEntries(
          names.map((name) => [name, repeated(begun[name]!, settings.width, share)]),
        );
        const before = new Float32Array(group * share * BEFORE);
        for (let s = 0; s < h; s++) {
          const now = new Float32Array(group * toldWidth);
          for (let k = 0; k < group; k++) {
            const from = (k * sizes.h + s) * toldWidth;
            now.set(begun.told!.subarray(from, from + toldWidth), k * toldWidth);
          }
          const made = await step.run({ before, told: repeated(now, toldWidth, share), ...states });
          states = Object.fromEntries(names.map((name) => [name, made[`${name}_next`]!]));
          for (let k = 0; k < Math.min(group, n - first); k++) {
            const course = courses[first + k]!;
            const own = course.own(s);
            spreadNormals(normals, draws[k]!);
            for (let p = 0; p < share; p++) {
              const row = k * share + p;
              const said = likelihood.draw(made.said!, row * likelihood.width, own, normals[p]!, draws[k]!);
              const sale = course.saleOf(s, said);
              drawn[first + k]![(member * share + p) * h + s] = sale;
              before[row * BEFORE] = course.deviationOf(s, sale);
              before[row * BEFORE + 1] = 1;
            }
          }
        }
      }
    } finally {
      await past.release();
      await step.release();
    }
  }
  return drawn.map((own) => {
    const column = new Float64Array(own.length / h);
    const mean = new Float64Array(h);
    for (let s = 0; s < h; s++) {
      for (let k = 0; k < column.length; k++) column[k] = own[k * h + s]!;
      mean[s] = traits.sparse ? meanOf(column) : median(column);
    }
    return pathQuantiles(own, mean);
  });
}
