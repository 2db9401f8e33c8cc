// The terms of a regression on time: trend, seasons and covariates, each a small record that makes its columns.
import { dummyColumns, phase, phaseColumns } from '../features/calendar.ts';
import { fourierColumns, fourierWidth } from '../features/fourier.ts';

/** One term. Plain data, so that a forecast makes the same columns as the fit did. */
export type Term =
  /** (ordinal − origin) / span: 0 at the first period of the fit, 1 at the last. */
  | { readonly kind: 'trend'; readonly origin: number; readonly span: number }
  /** One level a phase of a short season. */
  | { readonly kind: 'phases'; readonly season: number; readonly phases: readonly number[] }
  /** Sines and cosines of a long season. */
  | { readonly kind: 'fourier'; readonly season: number; readonly period: number; readonly pairs: number }
  /** A number among the known-future columns, standardised. */
  | {
      readonly kind: 'number';
      readonly name: string;
      readonly column: number;
      readonly centre: number;
      readonly scale: number;
    }
  /** A category among the known-future columns: one level a code that was seen. */
  | {
      readonly kind: 'category';
      readonly name: string;
      readonly column: number;
      readonly codes: readonly number[];
      readonly levels: readonly string[];
    };

/** A term made from a known-future column. */
export type CovariateTerm = Extract<Term, { name: string }>;

/** How many columns a term makes. */
export function termWidth(term: Term): number {
  switch (term.kind) {
    case 'phases':
      return Math.max(0, term.phases.length - 1);
    case 'category':
      return Math.max(0, term.codes.length - 1);
    case 'fourier':
      return fourierWidth(term.period, term.pairs);
    default:
      return 1;
  }
}

/** The columns of a term over the periods start … start + n − 1; `known` holds the known-future columns. */
export function termColumns(
  term: Term,
  start: number,
  n: number,
  known: readonly Float64Array[],
): Float64Array[] {
  switch (term.kind) {
    case 'trend':
      return [Float64Array.from({ length: n }, (_, t) => (start + t - term.origin) / term.span)];
    case 'phases':
      return phaseColumns(start, n, term.season, term.phases);
    case 'fourier':
      return fourierColumns(start, n, term.period, term.pairs);
    case 'number': {
      const values = known[term.column]!;
      return [Float64Array.from({ length: n }, (_, t) => (values[t]! - term.centre) / term.scale)];
    }
    case 'category': {
      const values = known[term.column]!;
      return dummyColumns(n, (t) => values[t]!, term.codes);
    }
  }
}

/** The names of a term's columns, for the coefficient table. */
export function termNames(term: Term): string[] {
  switch (term.kind) {
    case 'trend':
      return ['trend'];
    case 'phases':
      return term.phases.slice(0, -1).map((at) => `season ${term.season}, phase ${at}`);
    case 'fourier': {
      const names: string[] = [];
      for (let k = 1; k <= term.pairs; k++) {
        if (2 * k < term.period) names.push(`season ${term.season}, sine ${k}`);
        names.push(`season ${term.season}, cosine ${k}`);
      }
      return names;
    }
    case 'number':
      return [term.name];
    case 'category':
      return term.codes.slice(0, -1).map((code) => `${term.name} = ${term.levels[code] ?? code}`);
  }
}

/** Which phases of a season the used rows have, ascending. */
export function seenPhases(season: number, start: number, used: Uint8Array): number[] {
  const seen = new Uint8Array(season);
  for (let t = 0; t < used.length; t++) if (used[t]) seen[phase(start + t, season)] = 1;
  return Array.from(seen.keys()).filter((at) => seen[at]);
}

/**
 * The term of a known-future column as the used rows show it, or undefined where it says nothing: it is
 * constant there. Cells of unused rows are not looked at.
 */
export function covariateTerm(
  name: string,
  column: number,
  values: Float64Array,
  used: Uint8Array,
  levels?: readonly string[],
): CovariateTerm | undefined {
  if (levels) {
    const codes = new Set<number>();
    for (let t = 0; t < used.length; t++) if (used[t]) codes.add(values[t]!);
    if (codes.size < 2) return undefined;
    return { kind: 'category', name, column, codes: [...codes].sort((a, b) => a - b), levels };
  }
  let count = 0;
  let total = 0;
  for (let t = 0; t < used.length; t++) {
    if (!used[t]) continue;
    count++;
    total += values[t]!;
  }
  const centre = total / count;
  let squares = 0;
  for (let t = 0; t < used.length; t++) if (used[t]) squares += (values[t]! - centre) ** 2;
  const scale = Math.sqrt(squares / count);
  // Rounding leaves a spread of about 1e-16 of its size in a constant column.
  return scale > 1e-10 * Math.abs(centre) ? { kind: 'number', name, column, centre, scale } : undefined;
}
