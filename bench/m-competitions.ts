// The M competitions: their data, their overall score and their Naive2 benchmark, as the organisers define them.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { decompose, deseasonalise, hasSeason } from '../src/features/decomposition.ts';

/** One series of a competition with its own split into training and test part. */
export interface CompetitionSeries {
  readonly id: string;
  /** MONTHLY, QUARTERLY, YEARLY or OTHER. */
  readonly period: string;
  /** Season length: 12, 4, or 1 for yearly and other series. */
  readonly m: number;
  /** The competition's horizon; test has this many values. */
  readonly h: number;
  readonly train: Float64Array;
  readonly test: Float64Array;
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** The folder of public data: BELLWETHER_DATA, or `../shared/data` beside the repository. */
export const DATA: string = resolve(root, process.env.BELLWETHER_DATA ?? '../shared/data');

/** The text of a gzipped file of the data folder, or of a path beside it (`../peers/…`). */
export function readGzip(path: string): string {
  const file = join(DATA, path);
  if (!existsSync(file)) {
    throw new Error(`${file} is not there; set BELLWETHER_DATA to the folder that holds the public data.`);
  }
  return gunzipSync(readFileSync(file)).toString('utf8');
}

const SEASON: Readonly<Record<string, number>> = { MONTHLY: 12, QUARTERLY: 4 };
const numbers = (text: string): Float64Array => Float64Array.from(text.trim().split(/\s+/), Number);

/** Rows `id,period,type,start,h,split,values`, a train and a test row a series, values separated by blanks. */
function readCompetition(path: string): CompetitionSeries[] {
  const rows = readGzip(path).trim().split('\n').slice(1);
  const series = new Map<string, CompetitionSeries>();
  for (const row of rows) {
    const [id, period, , , h, split, values] = row.split(',') as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    const before = series.get(id);
    const empty = new Float64Array(0);
    series.set(id, {
      id,
      period,
      m: SEASON[period] ?? 1,
      h: Number(h),
      train: split === 'train' ? numbers(values) : (before?.train ?? empty),
      test: split === 'test' ? numbers(values) : (before?.test ?? empty),
    });
  }
  return [...series.values()];
}

/** The 3,003 series of the M3 competition (2000). */
export const readM3 = (): CompetitionSeries[] => readCompetition('forecast/m3.csv.gz');

/** The 1,001 series of the M1 competition (1982). */
export const readM1 = (): CompetitionSeries[] => readCompetition('forecast/m1.csv.gz');

/**
 * Overall weighted average of the M4 competition: mean of the relative sMAPE and the relative MASE,
 * each a mean over series divided by that of Naive2 on the same series.
 */
export function owa(
  scores: { readonly smape: number; readonly mase: number },
  naive2: { readonly smape: number; readonly mase: number },
): number {
  return (scores.smape / naive2.smape + scores.mase / naive2.mase) / 2;
}

/** The seasonal figure by the M4 convention (90 % test, three seasons, multiplicative), or undefined for none. */
export function m4Season(y: Float64Array, m: number): Float64Array | undefined {
  return hasSeason(y, m, { cycles: 3 }) ? decompose(y, m, 'multiplicative').figure : undefined;
}

/** Naive2: the last deseasonalised value, put back into season; the plain naive where there is no season. */
export function naive2(y: Float64Array, m: number, h: number): Float64Array {
  const figure = m4Season(y, m);
  if (!figure) return new Float64Array(h).fill(y[y.length - 1]!);
  const last = deseasonalise(y, { kind: 'multiplicative', figure })[y.length - 1]!;
  return Float64Array.from({ length: h }, (_, s) => last * figure[(y.length + s) % m]!);
}
