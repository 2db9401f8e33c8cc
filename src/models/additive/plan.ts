// Which columns an additive model has room and reason for: kinks, seasons seen twice, regressors that vary.
import { didYouMean, ModelRefusal, UsageError } from '../../core/errors.ts';
import type { Series } from '../../core/panel.ts';
import { type HolidayOptions, holidayColumns } from '../../features/holidays/holiday-columns.ts';
import type { Context } from '../model.ts';
import { type CovariateTerm, covariateTerm } from '../regression-terms.ts';
import { type Plan, seasonPlan } from './design.ts';

export interface PlanOptions {
  readonly growth: 'linear' | 'flat';
  /** Most changes of slope. */
  readonly changepoints: number;
  /** Share of the history, from its beginning, in which the slope may change. */
  readonly changepoint_range: number;
  readonly slopes: 'lasting' | 'reverting';
  /** Most pairs of sine and cosine of a long season; 0 for no seasons. */
  readonly pairs: number;
  readonly holidays: HolidayOptions | undefined;
  readonly calendar: boolean;
  readonly covariates: boolean | readonly string[];
}

export interface Planned {
  readonly plan: Plan;
  /** 1 for a cell whose y and regressors are all there. */
  readonly used: Uint8Array;
  readonly notes: readonly string[];
}

/** A column missing in more than this share of the rows is left out; else the rows are. */
const MOST_MISSING = 0.2;
/** Fewest rows between two changes of slope that last; a stretch that only moves the trend may be a single row. */
const LEAST_BETWEEN = 3;
/** Cycles of the season that a slope needs, as a season does: in fewer the one looks like the other. */
const TREND_CYCLES = 2;
/** Rows that are enough for a slope, however long the season. */
const TREND_ROWS = 24;

function chooseCovariates(
  { y, known }: Series,
  { knownFuture }: Context,
  wanted: boolean | readonly string[],
): { terms: CovariateTerm[]; used: Uint8Array; notes: string[] } {
  const names = knownFuture.map(({ name }) => name);
  for (const name of Array.isArray(wanted) ? wanted : []) {
    if (names.includes(name)) continue;
    throw new UsageError(`covariate "${name}" is not a known-future column.${didYouMean(name, names)}`);
  }
  const used = Uint8Array.from(y, (value) => (Number.isNaN(value) ? 0 : 1));
  const observed = used.reduce((a, b) => a + b, 0);
  const notes: string[] = [];
  const chosen: number[] = [];
  for (const [j, name] of names.entries()) {
    if (wanted === false || (Array.isArray(wanted) && !wanted.includes(name))) continue;
    let missing = 0;
    for (let t = 0; t < y.length; t++) if (!Number.isNaN(y[t]!) && Number.isNaN(known[j]![t]!)) missing++;
    if (missing > MOST_MISSING * observed) {
      notes.push(`"${name}" is missing in ${Math.round((100 * missing) / observed)}% of the rows`);
    } else chosen.push(j);
  }
  for (const j of chosen) for (let t = 0; t < y.length; t++) if (Number.isNaN(known[j]![t]!)) used[t] = 0;
  const terms: CovariateTerm[] = [];
  for (const j of chosen) {
    const term = covariateTerm(names[j]!, j, known[j]!, used, knownFuture[j]!.levels);
    if (term) terms.push(term);
    else notes.push(`"${names[j]}" never changes`);
  }
  return { terms, used, notes };
}

/** Plans the columns; throws a ModelRefusal where fewer than `least` rows can be used. */
export function planAdditive(
  name: string,
  series: Series,
  context: Context,
  options: PlanOptions,
  least: number,
): Planned {
  const { terms, used, notes } = chooseCovariates(series, context, options.covariates);
  const rows = used.reduce((a, b) => a + b, 0);
  if (rows < least) {
    throw new ModelRefusal(
      `has ${rows} rows in which y and all regressors are there; ${name} needs ${least}`,
    );
  }
  const first = used.indexOf(1);
  const last = used.lastIndexOf(1);
  const span = Math.max(1, last - first);
  const { freq, season_length } = context;
  const growth = rows >= Math.min(TREND_CYCLES * season_length, TREND_ROWS) ? options.growth : 'flat';
  // Slopes that revert belong to stretches, of which the first begins with the series and the last ends with it.
  const reverting = options.slopes === 'reverting';
  const bends = options.growth !== 'flat' && (reverting || growth !== 'flat');
  const most = Math.floor((rows * options.changepoint_range) / (reverting ? 1 : LEAST_BETWEEN)) - 1;
  const count = bends ? Math.max(0, Math.min(options.changepoints, most)) : 0;
  const reach = options.changepoint_range * span;
  const changepoints = Array.from(
    { length: count },
    (_, k) =>
      series.start + first + Math.round(reverting ? (k * span) / count : ((k + 1) * reach) / (count + 1)),
  );
  const lengths =
    options.pairs === 0 || season_length <= 1
      ? []
      : [...new Set([season_length, ...freq.seasons])].filter((m) => m > 1 && span + 1 >= 2 * m);
  const seasons = lengths.sort((a, b) => a - b).map((season) => seasonPlan(freq, season, options.pairs));
  const seen = options.holidays
    ? holidayColumns(freq, series.start, series.y.length, options.holidays)
    : { names: [], columns: [] };
  const holidayNames = seen.names.filter((_, j) =>
    seen.columns[j]!.some((value, t) => value !== 0 && used[t] === 1),
  );
  return {
    plan: {
      growth,
      origin: series.start + first,
      span,
      changepoints,
      slopes: options.slopes,
      seasons,
      holidays: options.holidays,
      holidayNames,
      calendar: options.calendar && freq.unit !== 'step',
      covariates: terms,
    },
    used,
    notes,
  };
}

/** Throws a ModelRefusal that names the column and the period of a future value that is not there. */
export function requireFuture(
  { covariates }: Plan,
  known: readonly Float64Array[],
  h: number,
  when: (step: number) => string,
): void {
  for (const { name, column } of covariates) {
    for (let s = 0; s < h; s++) {
      if (Number.isNaN(known[column]?.[s] ?? Number.NaN)) {
        throw new ModelRefusal(`has no value of "${name}" for ${when(s)}; give its future or leave it out`);
      }
    }
  }
}
