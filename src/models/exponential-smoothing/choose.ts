// Ranks the forms of exponential smoothing for a series by an information criterion (Hyndman et al. 2002).
// Forms are searched in families: each starts from the optima of its relatives, and is dropped once it cannot win.
import { observedCount } from '../model.ts';
import type { SmoothingStates } from './filter.ts';
import { aboveRounding, type FitOptions, inUnits, type SmoothingFit, scaleOf } from './fit.ts';
import { isDamped, isGrowing, parameterCount, type SmoothingForm } from './form.ts';
import { descend, gridStarts, type Point, type Search, searchOf } from './search.ts';
import { seasonalValues } from './start.ts';

export type Criterion = 'aicc' | 'aic' | 'bic';

/** What a criterion adds to −2 log L for k parameters, the variance among them, and n observed values. */
function penalty(criterion: Criterion, k: number, n: number): number {
  if (criterion === 'bic') return k * Math.log(n);
  if (criterion === 'aic') return 2 * k;
  // Beyond the domain of the correction forms still come in the order of their parameters.
  return n > k + 1 ? 2 * k + (2 * k * (k + 1)) / (n - k - 1) : 1e9 * k;
}

interface Candidate extends Point {
  readonly form: SmoothingForm;
  readonly criterion: number;
}

/** How far the form of a candidate is from another, for the choice of starts: the smaller, the closer. */
function distance(a: SmoothingForm, b: SmoothingForm): number {
  let steps = a.error === b.error ? 0 : 1;
  if (a.trend !== b.trend) steps += isGrowing(a) === isGrowing(b) ? 1.5 : 2.5;
  if (a.season !== b.season) steps += a.season === 'none' || b.season === 'none' ? 10 : 4;
  return steps;
}

/** A candidate's optimum as a start for another form; `guess` fills in what the candidate lacks. */
function translated({ form, weights, start }: Candidate, to: SmoothingForm, guess: SmoothingStates): Point {
  const { alpha, beta, gamma, phi } = weights;
  const trend = form.trend !== 'none';
  let slope = trend ? start.slope : isGrowing(to) ? 1 : 0;
  if (trend && isGrowing(form) && !isGrowing(to)) slope = (start.slope - 1) * start.level;
  if (trend && !isGrowing(form) && isGrowing(to)) slope = 1 + start.slope / start.level;
  return {
    weights: {
      alpha,
      beta: to.trend === 'none' ? 0 : trend ? beta : 0.05 * alpha,
      gamma: to.season === 'none' ? 0 : form.season === 'none' ? 0.05 * (1 - alpha) : gamma,
      phi: isDamped(to) ? (isDamped(form) ? phi : 0.97) : 1,
    },
    start: {
      level: start.level,
      slope: to.trend === 'none' ? 0 : slope,
      season: form.season === to.season ? start.season : guess.season,
    },
  };
}

/** How many relatives a form starts from, and how many points of the grid beside them where those may do. */
const RELATIVES = 2;
const GRID_BESIDE = 4;

/** Starts for a form, best first: from its closest relatives and from the grid, or a part of it. */
function startsOf(search: Search, found: readonly Candidate[]): { readonly x: Float64Array }[] {
  const { form, lower, upper, likelihood, guesses } = search;
  const relatives = found
    .filter((candidate) => distance(candidate.form, form) < 10)
    .sort((a, b) => distance(a.form, form) - distance(b.form, form))
    .slice(0, RELATIVES);
  const starts: { x: Float64Array; value: number }[] = [];
  for (const candidate of relatives) {
    const { weights, start } = translated(candidate, form, guesses[0]!);
    const x = likelihood.vector(weights, start);
    for (let j = 0; j < x.length; j++) x[j] = Math.min(Math.max(x[j]!, lower[j]!), upper[j]!);
    const value = likelihood.value(x);
    if (Number.isFinite(value)) starts.push({ x, value });
  }
  // A form that differs in its error alone has shown the way; a season makes every point dear.
  const few = relatives.length > 0 && (form.season !== 'none' || distance(relatives[0]!.form, form) <= 1);
  return [...starts, ...gridStarts(search, few ? GRID_BESIDE : undefined)].sort((a, b) => a.value - b.value);
}

export interface RankOptions extends FitOptions {
  readonly ic: Criterion;
  /** Forms whose criterion is further than this above the best one are left out. */
  readonly margin: number;
}

/** A fitted form and its criterion. */
export interface Ranked {
  readonly fit: SmoothingFit;
  readonly criterion: number;
}

/** Share of the sum of squares below which a further step is not worth it: 1e-4 of log-likelihood for 200 values. */
const TOLERANCE = 1e-6;

/**
 * Fits the forms to y with seasons of m, and returns those within the margin of the best, best first. The criterion
 * is −2 log L, with the prior of `caution` in it, and its penalty. Forms need two values more than parameters.
 */
export function rankForms(
  y: Float64Array,
  m: number,
  forms: readonly SmoothingForm[],
  { caution = 10, bounds = 'both', ic, margin }: RankOptions,
): Ranked[] {
  const observed = observedCount(y);
  const { scale } = scaleOf(y);
  const scaled = y.map((value) => value / scale);
  const seasons: Partial<Record<SmoothingForm['season'], Float64Array>> = {};
  const found: Candidate[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const form of forms) {
    const cells = form.season === 'none' ? 1 : m;
    const parameters = parameterCount(form, cells);
    if (observed < parameters + 2) continue;
    if (form.season !== 'none')
      seasons[form.season] ??= seasonalValues(scaled, m, form.season === 'multiplicative');
    const search = searchOf(scaled, form, cells, { caution, bounds }, seasons[form.season]);
    const extra = penalty(ic, parameters + 1, observed);
    const best = descend(search, startsOf(search, found), {
      target: Math.exp((least + margin - extra) / observed),
      tolerance: TOLERANCE,
    });
    if (!best) continue;
    const criterion = observed * Math.log(aboveRounding(best.value, observed)) + extra;
    if (criterion < least) least = criterion;
    found.push({ form, criterion, ...search.pointAt(best.x) });
  }
  const ranked: Ranked[] = [];
  for (const candidate of found.sort((a, b) => a.criterion - b.criterion)) {
    if (candidate.criterion - least > margin) break;
    const fit = inUnits(y, candidate.form, scale, candidate);
    if (fit) ranked.push({ fit, criterion: candidate.criterion });
  }
  return ranked;
}
