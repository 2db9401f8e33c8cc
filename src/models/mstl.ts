// MSTL as a forecaster (Bandara, Hyndman and Bergmeir 2021): several seasons are taken out, another model forecasts the rest.
import { refuseUnknownOptions, UsageError } from '../core/errors.ts';
import type { Series } from '../core/panel.ts';
import type { Context, Model, ModelSpec } from './model.ts';
import {
  type SeveralSeasons,
  seasonsAhead,
  severalSeasons,
  withoutSeasons,
  withSeasons,
} from './several-seasons.ts';
import { simulate } from './simulation.ts';
import { fromFirstObserved } from './theta-lines.ts';

export interface MstlModelOptions {
  /** The model of what the seasons leave; defaults to `dynamic-optimised-theta`. It sees no season. */
  readonly model?: ModelSpec | string;
  /** The seasons in periods, whole numbers; defaults to `season_length` and the longer ones of the frequency. */
  readonly season_lengths?: readonly number[];
  /** Whether seasons are added or multiply; defaults to `auto`: what leaves the smaller errors. */
  readonly seasonal?: 'auto' | 'additive' | 'multiplicative';
  /** Whether outliers count less in seasons and trend; defaults to false, and costs about five times as much. */
  readonly robust?: boolean;
}

export interface MstlState extends Pick<SeveralSeasons, 'kind' | 'ahead' | 'widening'> {
  /** State of the model of the rest. */
  readonly rest: unknown;
}

const NAME = 'mstl';
const KINDS = ['auto', 'additive', 'multiplicative'];

/** The series from its first observed cell on, without the seasons. */
function restOf(series: Series, seasons: SeveralSeasons): Series {
  const y = fromFirstObserved(series.y);
  const before = series.y.length - y.length;
  return {
    y: withoutSeasons(y, seasons),
    state: series.state.subarray(before),
    start: series.start + before,
    known: series.known.map((values) => values.subarray(before)),
  };
}

/** The seasons of a series: those that are wanted and have more than two cycles in it. */
function periodsOf(
  wanted: readonly number[] | undefined,
  n: number,
  { season_length, freq }: Context,
): number[] {
  const longer = freq.seasons.filter((m) => m > season_length);
  const all = wanted ?? (season_length > 1 ? [season_length, ...longer] : []);
  return [...new Set(all)].filter((m) => 2 * m < n).sort((a, b) => a - b);
}

/**
 * Several seasons by STL, each with the others taken out, and a model of the rest. Each season is smoothed over half of its
 * cycles, at least 11, and shrunk by its noise; its latest cycle is repeated. Missing cells have no say. A season without
 * more than two cycles is left out. `create` makes the model of the rest; what that refuses is refused.
 */
export function mstl(
  create: (spec: ModelSpec | string) => Model,
  options: MstlModelOptions = {},
): Model<MstlState> {
  refuseUnknownOptions(NAME, options, ['model', 'season_lengths', 'seasonal', 'robust']);
  const { model = 'dynamic-optimised-theta', season_lengths, seasonal = 'auto', robust = false } = options;
  if (!KINDS.includes(seasonal)) {
    throw new UsageError(
      `${NAME} cannot have the option seasonal "${seasonal}". Choose from: ${KINDS.join(', ')}.`,
    );
  }
  if (typeof robust !== 'boolean') {
    throw new UsageError(`${NAME} option "robust" is "${robust}"; use true or false.`);
  }
  const wrong = season_lengths?.find((m) => !(Number.isInteger(m) && m >= 2));
  if (wrong !== undefined) {
    throw new UsageError(
      `${NAME} option "season_lengths" holds ${wrong}; use whole numbers of 2 or more, or the model tbats.`,
    );
  }
  const inner = create(model);
  const settings = { seasonal, robust };
  return {
    name: NAME,
    fit(series, context) {
      const y = fromFirstObserved(series.y);
      const seasons = severalSeasons(y, periodsOf(season_lengths, y.length, context), settings);
      const { kind, ahead, widening } = seasons;
      const rest = inner.fit(restOf(series, seasons), { ...context, season_length: 1 });
      return { kind, ahead, widening, rest };
    },
    forecast: (state, h, future) => withSeasons(inner.forecast(state.rest, h, future), state),
    components(state, series, h, future) {
      const y = fromFirstObserved(series.y);
      const periods = state.ahead.map(({ length }) => length);
      const seasons = severalSeasons(y, periods, { seasonal: state.kind, robust });
      const parts = inner.components(state.rest, restOf(series, seasons), h, future);
      const total = [...seasons.total, ...seasonsAhead(state.ahead, h)];
      const n = series.y.length + h;
      const before = series.y.length - y.length;
      const place = (part: Float64Array, empty: number): Float64Array => {
        const out = new Float64Array(n).fill(empty);
        out.set(part, before);
        return out;
      };
      const level = place(parts.level, Number.NaN);
      const trend = place(parts.trend, 0);
      const seasonal = place(parts.seasonal, 0);
      const regressors = place(parts.regressors, 0);
      for (let t = before; t < n; t++) {
        const sum = level[t]! + trend[t]! + seasonal[t]! + regressors[t]!;
        const own = total[t - before]!;
        seasonal[t] = seasonal[t]! + (state.kind === 'additive' ? own : sum * Math.expm1(own));
      }
      return { level, trend, seasonal, regressors };
    },
    simulate(state, h, future, paths, draw) {
      const { mean } = inner.forecast(state.rest, h, future);
      const drawn = simulate(inner, state.rest, h, future, { paths, seed: draw.below(2 ** 31) });
      const d = withSeasons({ kind: 'samples', mean, paths: drawn }, state);
      return d.kind === 'samples' ? d.paths : drawn;
    },
  };
}
