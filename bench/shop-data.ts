// Public shop data as plain arrays: Walmart's weekly sales, Dominick's orange juice, Australian retail, the weekly series of the M4.
import { parseIso } from '../src/core/calendar.ts';
import { type Frequency, frequency, ordinal } from '../src/core/frequency.ts';
import { readGzip } from './m-competitions.ts';

/** One series on a regular grid: y is NaN where there was no row. */
interface ShopSeries {
  readonly id: string;
  /** Ordinal of the first period. */
  readonly start: number;
  readonly y: Float64Array;
  /** One array a column of `ShopPanel.columns`, over the same periods as y. */
  readonly known: readonly Float64Array[];
}

export interface ShopPanel {
  readonly freq: Frequency;
  readonly columns: readonly { readonly name: string }[];
  readonly series: readonly ShopSeries[];
}

/** The fields of each line after the header, without quotes; the files have no comma inside a field. */
function* records(path: string): Generator<string[]> {
  const text = readGzip(path);
  for (let from = text.indexOf('\n') + 1; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const line = text.slice(from, end < 0 ? text.length : end).trimEnd();
    from = end < 0 ? text.length : end + 1;
    if (line !== '') yield line.replaceAll('"', '').split(',');
  }
}

const number = (field: string | undefined): number =>
  field === undefined || field === '' || field === 'NA'
    ? Number.NaN
    : field === 'TRUE'
      ? 1
      : field === 'FALSE'
        ? 0
        : Number(field);

/** Columns of walmart_features, known ahead in the task: name → place in a line. */
const FEATURES: Readonly<Record<string, number>> = {
  temperature: 2,
  fuel_price: 3,
  markdown_1: 4,
  markdown_2: 5,
  markdown_3: 6,
  markdown_4: 7,
  markdown_5: 8,
  cpi: 9,
  unemployment: 10,
  holiday: 11,
};

/**
 * Walmart: 3,331 series of weekly sales by store and department, on the grid from a series' first week to its
 * last. `columns` names the features to add (`holiday`, `temperature`, …); where a store has none they are NaN.
 */
export function walmart({ columns = [] }: { columns?: readonly string[] } = {}): ShopPanel {
  const freq = frequency('W-FRI');
  const week = new Map<string, number>();
  const ordinalOf = (date: string): number => {
    let at = week.get(date);
    if (at === undefined) {
      at = ordinal(freq, parseIso(date));
      week.set(date, at);
    }
    return at;
  };
  const features = new Map<string, string[]>();
  if (columns.length > 0) {
    for (const fields of records('forecast/walmart_features.csv.gz')) {
      features.set(`${fields[0]} ${ordinalOf(fields[1]!)}`, fields);
    }
  }
  const rows = new Map<string, { at: number[]; y: number[] }>();
  for (const [store, dept, date, sales] of records('forecast/walmart_train.csv.gz')) {
    const id = `${store}-${dept}`;
    let own = rows.get(id);
    if (!own) {
      own = { at: [], y: [] };
      rows.set(id, own);
    }
    own.at.push(ordinalOf(date!));
    own.y.push(Number(sales));
  }
  const series = Array.from(rows, ([id, { at, y }]): ShopSeries => {
    const start = Math.min(...at);
    const length = Math.max(...at) - start + 1;
    const values = new Float64Array(length).fill(Number.NaN);
    for (const [k, place] of at.entries()) values[place - start] = y[k]!;
    const store = id.split('-')[0]!;
    const known = columns.map((name) =>
      Float64Array.from({ length }, (_, t) =>
        number(features.get(`${store} ${start + t}`)?.[FEATURES[name]!]),
      ),
    );
    return { id, start, y: values, known };
  });
  return { freq, columns: columns.map((name) => ({ name })), series };
}

/** One series of orange juice: a brand in a store, weeks as they come, some of them absent. */
export interface JuiceSeries {
  readonly store: number;
  readonly brand: number;
  /** Week numbers 40 … 160, ascending. */
  readonly week: Float64Array;
  /** Natural logarithm of the units sold. */
  readonly logmove: Float64Array;
  /** round(exp(logmove)). */
  readonly units: Float64Array;
  /** Prices an ounce of the eleven brands, one array a brand. */
  readonly prices: readonly Float64Array[];
  /** Whether there was a coupon or an in-store deal (0 or 1). */
  readonly deal: Float64Array;
  /** Share of the store's feature advertisement. */
  readonly feat: Float64Array;
}

/** Dominick's orange juice: 913 series, 83 stores × 11 brands. */
export function orangeJuice(): JuiceSeries[] {
  const rows = new Map<string, number[][]>();
  for (const fields of records('forecast/oj_yx.csv.gz')) {
    const key = `${fields[0]}-${fields[1]}`;
    const own = rows.get(key);
    const values = fields.map(number);
    if (own) own.push(values);
    else rows.set(key, [values]);
  }
  return Array.from(rows.values(), (own) => {
    own.sort((a, b) => a[2]! - b[2]!);
    const column = (place: number): Float64Array => Float64Array.from(own, (row) => row[place]!);
    const logmove = column(3);
    return {
      store: own[0]![0]!,
      brand: own[0]![1]!,
      week: column(2),
      logmove,
      units: logmove.map((value) => Math.round(Math.exp(value))),
      prices: Array.from({ length: 11 }, (_, k) => column(5 + k)),
      deal: column(16),
      feat: column(17),
    };
  });
}

/** A weekly series of the M4 competition: 13 weeks to forecast. */
export interface WeeklySeries {
  readonly id: string;
  readonly train: Float64Array;
  readonly test: Float64Array;
}

/** The 359 weekly series of the M4 competition (2018). */
export function m4Weekly(): WeeklySeries[] {
  const values = (fields: string[]): Float64Array =>
    Float64Array.from(
      fields
        .slice(1)
        .map(number)
        .filter((value) => !Number.isNaN(value)),
    );
  const test = new Map<string, Float64Array>();
  for (const fields of records('forecast/m4_weekly_test.csv.gz')) test.set(fields[0]!, values(fields));
  return Array.from(records('forecast/m4_weekly_train.csv.gz'), (fields) => ({
    id: fields[0]!,
    train: values(fields),
    test: test.get(fields[0]!)!,
  }));
}

/** Monthly turnover of Australian shops by state and industry, told apart by the id before month and turnover. */
export function australianRetail(): { readonly id: string; readonly y: readonly number[] }[] {
  const series = new Map<string, number[]>();
  for (const line of readGzip('forecast/aus_retail.csv.gz').trim().split('\n').slice(1)) {
    // Names of industries have commas.
    const fields = line.trim().replaceAll('"', '').split(',');
    const id = fields.at(-3)!;
    const own = series.get(id) ?? [];
    own.push(Number(fields.at(-1)));
    series.set(id, own);
  }
  return Array.from(series, ([id, y]) => ({ id, y }));
}

/** A competitor's forecasts in the M3 competition, by series id. */
export function m3Published(method: string): Map<string, Float64Array> {
  const out = new Map<string, Float64Array>();
  for (const [name, id, values] of records('forecast/m3_published_forecasts.csv.gz')) {
    if (name === method) out.set(id!, Float64Array.from(values!.trim().split(/\s+/), Number));
  }
  return out;
}

/** The methods whose M3 forecasts were published, but for the reference Naive2. */
export function m3Methods(): string[] {
  const names = new Set(Array.from(records('forecast/m3_published_forecasts.csv.gz'), ([name]) => name!));
  return [...names].filter((name) => name !== 'NAIVE2' && name !== 'method');
}
