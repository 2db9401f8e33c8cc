// Shape times level: a season frozen from its last cycles, over block means that a ridge carries on (after FLAIR, 2025).
import { ModelRefusal, refuseUnknownOptions } from '../core/errors.ts';
import { type Random, random } from '../core/random.ts';
import { type Components, type Model, requireObservations } from './model.ts';
import { pathQuantiles } from './path-quantiles.ts';
import { blockLevels, fitLevels, fittedLevels, type LevelFit, levelsAhead } from './shape-level/level.ts';
import { filled, type Shape, takeShape } from './shape-level/shape.ts';

/** Blocks of one width: their levels, and what single cells had beyond shape and level. */
interface Member extends LevelFit {
  readonly weight: number;
  /** Whole cycles, row after row: in shares of the level for a multiplicative shape, else in units of y. */
  readonly deviations: Float64Array;
}

export interface ShapeLevelState {
  readonly shape: Shape;
  readonly members: readonly Member[];
  /** No forecast goes beyond these, in units of y. */
  readonly low: number;
  readonly high: number;
  readonly seed: number;
}

/** Share of zeros above which the shape of a cycle is a matter of chance. */
const MOST_ZEROS = 0.3;
/** Widths of blocks as shares of a season: levels that follow quickly, and levels that know the noise. */
const WIDTHS = [0, 0.25, 1];
/** Whole seasons from which on they alone are looked at: narrower blocks then only follow the noise within them. */
const MANY_CYCLES = 50;
/** Past forecasts by which widths are weighed, half a season apart. */
const ORIGINS = 3;
/** How strictly they are: a width with a quarter more error counts e⁻¹. */
const STRICTNESS = 4;
/** Cycles whose deviations are kept to draw from. */
const MOST_CYCLES = 30;
const PATHS = 400;

/** The widest block that divides a season of m periods and is at most this share of it. */
function widthOf(m: number, share: number): number {
  let width = 1;
  for (let w = 1; w <= share * m; w++) if (m % w === 0) width = w;
  return width;
}

/** The value of a cell: level and shape, with a deviation from them. */
const compose = (kind: Shape['kind'], level: number, figure: number, deviation: number): number =>
  kind === 'multiplicative' ? level * (figure + deviation) : level + figure + deviation;

function fitWidth(y: Float64Array, shape: Shape, width: number): LevelFit {
  const m = shape.figure.length;
  const levels = blockLevels(y, shape, width);
  const log = shape.kind === 'multiplicative' && levels.every((level) => level > 0);
  const fit = fitLevels(levels, width, log);
  // Levels within a season have lost to the shape what the shape has bent to.
  const lost = width < m ? shape.kept / (y.length / m) : 0;
  return { ...fit, errors: fit.errors.map((error) => error / Math.sqrt(1 - lost)) };
}

/** The expected values ahead by blocks of one width. */
function expected({ kind, figure }: Shape, fit: LevelFit, h: number): Float64Array {
  const levels = levelsAhead(fit, Math.ceil(h / fit.width));
  return Float64Array.from({ length: h }, (_, s) =>
    compose(kind, levels[Math.floor(s / fit.width)]!, figure[s % figure.length]!, 0),
  );
}

/** The last whole cycles of the series, gaps closed. */
function wholeCycles(y: Float64Array, m: number): Float64Array {
  return y.subarray(y.length % m);
}

/** How far each width may be trusted: by its mean absolute errors up to a season ahead from three points of the past. */
function weigh(y: Float64Array, m: number, widths: readonly number[]): number[] {
  const errors = widths.map(() => 0);
  for (let k = 1; k <= ORIGINS; k++) {
    const held = Math.round((k * m) / 2);
    const past = y.subarray(0, y.length - held);
    if (past.length < 2 * m + 2) break;
    const cycles = wholeCycles(past, m);
    const shape = takeShape(cycles, m);
    for (const [i, width] of widths.entries()) {
      const ahead = expected(shape, fitWidth(cycles, shape, width), Math.min(held, m));
      for (const [s, f] of ahead.entries()) {
        errors[i] = errors[i]! + Math.abs(y[past.length + s]! - f) / ahead.length;
      }
    }
  }
  const least = Math.min(...errors);
  const shares = errors.map((e) =>
    least > 0 ? Math.exp((-STRICTNESS * (e - least)) / least) : Number(e === least),
  );
  const total = shares.reduce((sum, share) => sum + share, 0);
  return shares.map((share) => share / total);
}

/** What the cells of the last cycles had beyond shape and level. */
function deviationsOf(
  y: Float64Array,
  { kind, figure, cycles }: Shape,
  levels: Float64Array,
  width: number,
): Float64Array {
  const m = figure.length;
  if (m === 1) return new Float64Array(1);
  const from = Math.max(0, y.length - MOST_CYCLES * m);
  // The shape has already bent to the cycles it was taken from.
  const bent = y.length - cycles * m;
  const own = cycles > 1 ? Math.sqrt(cycles / (cycles - 1)) : 1;
  return Float64Array.from({ length: y.length - from }, (_, i) => {
    const t = from + i;
    const level = levels[Math.floor(t / width)]!;
    const beyond =
      kind === 'multiplicative' ? y[t]! / level - figure[t % m]! : y[t]! - level - figure[t % m]!;
    return Number.isFinite(beyond) ? beyond * (t >= bent ? own : 1) : 0;
  });
}

function drawPaths(state: ShapeLevelState, h: number, paths: number, draw: Random): Float64Array {
  const { shape, members, low, high } = state;
  const { kind, figure, doubt } = shape;
  const m = figure.length;
  const out = new Float64Array(paths * h);
  const off = new Float64Array(m);
  for (let k = 0; k < paths; k++) {
    // What the shape is off by, it is off by in every cycle.
    for (let phase = 0; phase < Math.min(m, h); phase++) off[phase] = doubt * draw.normal();
    let i = 0;
    for (let rest = draw.uniform() - members[0]!.weight; rest >= 0 && i < members.length - 1; ) {
      rest -= members[++i]!.weight;
    }
    const member = members[i]!;
    const { width, errors, deviations } = member;
    const levels = levelsAhead(member, Math.ceil(h / width), () => errors[draw.below(errors.length)]!);
    // One past cycle a path: its days stand to each other as days do.
    const cycle = m * draw.below(deviations.length / m);
    for (let s = 0; s < h; s++) {
      const level = levels[Math.floor(s / width)]!;
      const value = compose(kind, level, figure[s % m]!, off[s % m]! + deviations[cycle + (s % m)]!);
      out[k * h + s] = Math.min(high, Math.max(low, value));
    }
  }
  return out;
}

function meanOf({ shape, members, low, high }: ShapeLevelState, h: number): Float64Array {
  const mean = new Float64Array(h);
  for (const member of members) {
    const ahead = expected(shape, member, h);
    for (let s = 0; s < h; s++) mean[s] = mean[s]! + member.weight * ahead[s]!;
  }
  return mean.map((value) => Math.min(high, Math.max(low, value)));
}

/**
 * A season's shape, frozen from its last sixty cycles, times a level: means of blocks of one period, a quarter and a
 * whole season (the last alone where there are 50 seasons), whose changes are explained by time and level in a ridge averaged over its penalties. The widths are
 * weighed by past forecasts. Intervals are those of sample paths: level errors drawn one by one, and the deviations of
 * one past cycle. Gaps are filled by neighbours of the same phase. Below two seasons it has no shape; it refuses fewer
 * than 8 observed values, and series with more than 30 % zeros.
 */
export function shapeLevel(options: Record<string, never> = {}): Model<ShapeLevelState> {
  refuseUnknownOptions('shape-level', options, []);
  return {
    name: 'shape-level',
    fit({ y }, { season_length, seed }) {
      requireObservations('shape-level', y, 8);
      const observed = y.filter((value) => !Number.isNaN(value));
      const zeros = observed.filter((value) => value === 0).length / observed.length;
      if (zeros > MOST_ZEROS) {
        throw new ModelRefusal(
          `has ${Math.round(100 * zeros)} % zeros; shape-level serves up to 30 %, use count-demand or tsb`,
        );
      }
      const whole = y.subarray(y.findIndex((value) => !Number.isNaN(value)));
      const m = whole.length >= 2 * season_length ? season_length : 1;
      const values = filled(whole, m);
      const cycles = wholeCycles(values, m);
      const shape = takeShape(cycles, m);
      const many = m > 1 && cycles.length >= MANY_CYCLES * m;
      const widths = many ? [m] : [...new Set(WIDTHS.map((share) => widthOf(m, share)))];
      const weights = widths.length > 1 ? weigh(values, m, widths) : [1];
      const members = widths.map((width, i): Member => {
        const levels = blockLevels(cycles, shape, width);
        return {
          ...fitWidth(cycles, shape, width),
          weight: weights[i]!,
          deviations: deviationsOf(cycles, shape, levels, width),
        };
      });
      const least = observed.reduce((a, b) => Math.min(a, b));
      const most = observed.reduce((a, b) => Math.max(a, b));
      const low = least >= 0 ? Math.max(0, 2 * least - most) : 2 * least - most;
      return { shape, members, low, high: 2 * most - least, seed };
    },
    forecast(state, h) {
      return pathQuantiles(drawPaths(state, h, PATHS, random(state.seed, 'shape-level')), meanOf(state, h));
    },
    components(state, { y }, h): Components {
      const { shape, members } = state;
      const { kind, figure } = shape;
      const m = figure.length;
      const n = y.length;
      const values = filled(y.subarray(y.findIndex((value) => !Number.isNaN(value))), m);
      const cycles = wholeCycles(values, m);
      const from = n - cycles.length;
      const level = new Float64Array(n + h).fill(Number.NaN, 0, from);
      for (const member of members) {
        const { width, weight } = member;
        const past = fittedLevels(member, blockLevels(cycles, shape, width));
        const ahead = levelsAhead(member, Math.ceil(h / width));
        for (let t = from; t < n; t++) level[t] = level[t]! + weight * past[Math.floor((t - from) / width)]!;
        for (let s = 0; s < h; s++) level[n + s] = level[n + s]! + weight * ahead[Math.floor(s / width)]!;
      }
      const mean = meanOf(state, h);
      const seasonal = level.map((value, t) => {
        if (t >= n) return mean[t - n]! - value;
        return compose(kind, value, figure[(((t - from) % m) + m) % m]!, 0) - value;
      });
      const none = (): Float64Array => new Float64Array(n + h);
      return { level, trend: none(), seasonal, regressors: none() };
    },
    simulate: (state, h, _future, paths, draw) => drawPaths(state, h, paths, draw),
  };
}
