// Walmart's departments and Dominick's orange juice as panels, with their columns and attributes.
import { parseIso } from '../../src/core/calendar.ts';
import { frequency, ordinal } from '../../src/core/frequency.ts';
import { allocatePanel, CellState, type Panel } from '../../src/core/panel.ts';
import { readGzip } from '../m-competitions.ts';
import { orangeJuice, type ShopPanel } from '../shop-data.ts';
import { category } from '../whole-panel.ts';

/** The lines of a file after its header, as fields without quotes. */
const fieldsOf = (path: string): string[][] =>
  readGzip(path)
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().replaceAll('"', '').split(','));

/** The series of a shop panel that have enough observed weeks, with store, department, and the store's type and size. */
export function walmartPanel({ freq, columns, series }: ShopPanel, least: number): Panel {
  const kept = series.filter(({ y }) => y.reduce((n, v) => n + (Number.isNaN(v) ? 0 : 1), 0) >= least);
  const store = kept.map(({ id }) => id.split('-')[0]!);
  const about = new Map(fieldsOf('forecast/walmart_stores.csv.gz').map((f) => [f[0]!, f]));
  const statics = [
    category('store', store),
    category(
      'dept',
      kept.map(({ id }) => id.split('-')[1]!),
    ),
    category(
      'type',
      store.map((s) => about.get(s)![1]!),
    ),
    { name: 'size', values: Float64Array.from(store, (s) => Number(about.get(s)![2])) },
  ];
  const panel = allocatePanel(
    { freq, ids: kept.map(({ id }) => id), target: 'sales', statics },
    kept.map(({ y }) => y.length),
    { knownFuture: columns },
  );
  for (const [i, { start, y, known }] of kept.entries()) {
    const from = panel.offsets[i]!;
    panel.start[i] = start;
    panel.y.set(y, from);
    for (const [t, value] of y.entries())
      if (!Number.isNaN(value)) panel.state[from + t] = CellState.observed;
    for (const [c, values] of known.entries()) panel.knownFuture[c]!.values.set(values, from);
  }
  return panel;
}

/** Dominick's counts weeks from the one that began on 14 September 1989. */
const FIRST_WEEK = '1989-09-20';

/**
 * Orange juice: units by store and brand, with own price, deal and feature, and what is known of the stores. All series reach
 * to the last week.
 */
export function juicePanel(): { panel: Panel; periodOf: (week: number) => number } {
  const juice = orangeJuice();
  const freq = frequency('W-WED');
  const first = ordinal(freq, parseIso(FIRST_WEEK));
  const periodOf = (week: number): number => first + week - 1;
  const header = readGzip('forecast/oj_storedemo.csv.gz')
    .split('\n')[0]!
    .trim()
    .replaceAll('"', '')
    .split(',');
  const about = new Map(fieldsOf('forecast/oj_storedemo.csv.gz').map((f) => [Number(f[0]), f]));
  const last = Math.max(...juice.map(({ week }) => week.at(-1)!));
  const panel = allocatePanel(
    {
      freq,
      ids: juice.map(({ store, brand }) => `${store}-${brand}`),
      target: 'units',
      statics: [
        category(
          'store',
          juice.map(({ store }) => String(store)),
        ),
        category(
          'brand',
          juice.map(({ brand }) => String(brand)),
        ),
        ...header.slice(1).map((name, k) => ({
          name,
          values: Float64Array.from(juice, ({ store }) => Number(about.get(store)?.[k + 1] ?? Number.NaN)),
        })),
      ],
    },
    juice.map(({ week }) => last - week[0]! + 1),
    { knownFuture: [{ name: 'price' }, { name: 'deal' }, { name: 'feature' }] },
  );
  for (const [i, { week, units, prices, brand, deal, feat }] of juice.entries()) {
    panel.start[i] = periodOf(week[0]!);
    for (const [k, w] of week.entries()) {
      const at = panel.offsets[i]! + w - week[0]!;
      panel.y[at] = units[k]!;
      panel.state[at] = CellState.observed;
      panel.knownFuture[0]!.values[at] = prices[brand - 1]![k]!;
      panel.knownFuture[1]!.values[at] = deal[k]!;
      panel.knownFuture[2]!.values[at] = feat[k]!;
    }
    // Weeks without a row are not scored; columns go on as they were, without a deal.
    for (let at = panel.offsets[i]! + 1; at < panel.offsets[i + 1]!; at++) {
      if (panel.state[at] === CellState.observed) continue;
      panel.knownFuture[0]!.values[at] = panel.knownFuture[0]!.values[at - 1]!;
      panel.knownFuture[1]!.values[at] = 0;
      panel.knownFuture[2]!.values[at] = 0;
    }
  }
  return { panel, periodOf };
}
