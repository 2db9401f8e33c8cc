// Forecasts as Parquet: one row a series and step, with the mean and one column a probability.
import { DataError } from '../core/errors.ts';
import { type Frequency, ordinal, timestamp } from '../core/frequency.ts';
import { type ForecastTable, interval } from '../forecast/forecast-table.ts';
import { eachRow, into, onto, readParquet, valuesOf, type WriteColumn, writeParquet } from './parquet.ts';

/** `q-0.1`: the column of a probability in a stored forecast. */
const quantileName = (probability: number): string => `q-${probability}`;

/** Repeats one text a series over the h rows of each; equal texts are one level. */
function textPerSeries(name: string, texts: readonly (string | undefined)[], h: number): WriteColumn {
  const codes = new Map<string, number>();
  const codeOf = Float64Array.from(texts, (text) => {
    if (text === undefined) return Number.NaN;
    const code = codes.get(text) ?? codes.size;
    codes.set(text, code);
    return code;
  });
  return {
    name,
    kind: 'category',
    levels: [...codes.keys()],
    fill: eachRow((row) => codeOf[Math.floor(row / h)]!),
  };
}

/** The columns unique_id and ds of a table. */
function keyColumns({ ids, freq, start, h }: ForecastTable): WriteColumn[] {
  return [
    { name: 'unique_id', kind: 'category', levels: ids, fill: eachRow((row) => Math.floor(row / h)) },
    {
      name: 'ds',
      kind: freq.unit === 'step' ? 'whole' : 'time',
      fill: eachRow((row) => timestamp(freq, start[Math.floor(row / h)]! + (row % h))),
    },
  ];
}

const numberColumn = (name: string, values: Float64Array): WriteColumn => ({
  name,
  kind: 'number',
  fill: valuesOf(values),
});

/** Writes a forecast for the store, with all its quantiles and the reasons of fallbacks. */
export async function writeForecast(path: string, table: ForecastTable): Promise<void> {
  await writeParquet(path, table.mean.length, [
    ...keyColumns(table),
    textPerSeries('model', table.model, table.h),
    textPerSeries('fallback', table.fallback, table.h),
    numberColumn('mean', table.mean),
    ...table.probabilities.map((p, k) => numberColumn(quantileName(p), table.quantiles[k]!)),
  ]);
}

/** Writes a forecast for other programs: unique_id, ds, model where wanted, mean, lo-80, hi-80, … */
export async function writeIntervals(path: string, table: ForecastTable, model: boolean): Promise<void> {
  await writeParquet(path, table.mean.length, [
    ...keyColumns(table),
    ...(model ? [textPerSeries('model', table.model, table.h)] : []),
    numberColumn('mean', table.mean),
    ...[...table.level]
      .sort((a, b) => a - b)
      .flatMap((level) => {
        const { lo, hi } = interval(table, level);
        return [numberColumn(`lo-${level}`, lo), numberColumn(`hi-${level}`, hi)];
      }),
  ]);
}

/** Reads what `writeForecast` wrote. */
export async function readForecast(
  path: string,
  about: {
    freq: Frequency;
    series: number;
    h: number;
    level: readonly number[];
    probabilities: readonly number[];
  },
): Promise<ForecastTable> {
  const { freq, series, h, level, probabilities } = about;
  const ids: string[] = [];
  const model: string[] = [];
  const fallback: (string | undefined)[] = [];
  const start = new Int32Array(series);
  const mean = new Float64Array(series * h);
  const quantiles = probabilities.map(() => new Float64Array(series * h));
  const heads = await readParquet(
    path,
    [
      { name: 'unique_id', kind: 'text', take: onto(ids, '') },
      { name: 'model', kind: 'text', take: onto(model, '') },
      { name: 'fallback', kind: 'text', take: onto(fallback, undefined) },
      {
        name: 'ds',
        kind: freq.unit === 'step' ? 'whole' : 'time',
        take: (times: Float64Array, from: number) => {
          for (let r = 0; r < times.length; r++) start[from + r] = ordinal(freq, times[r]!);
        },
      },
    ],
    { every: h },
  );
  const rows = await readParquet(path, [
    { name: 'mean', kind: 'number', take: into(mean) },
    ...probabilities.map((p, k) => ({
      name: quantileName(p),
      kind: 'number' as const,
      take: into(quantiles[k]!),
    })),
  ]);
  if (heads !== series || rows !== series * h) {
    throw new DataError(
      `${path} has ${rows} rows where ${series * h} belong; restore it from a copy or forecast anew.`,
    );
  }
  return { ids, freq, h, start, mean, probabilities, quantiles, level, model, fallback };
}
