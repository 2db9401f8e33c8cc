// Intermittent demand from public data: monthly car parts, and an online shop's best-selling products by day.

import { readGzip } from '../m-competitions.ts';
import { DAYS_PER_WEEK, readSales } from './online-retail.ts';

/** One series cut in two, from its first observed cell on; NaN where the shop was closed. */
export interface DemandSeries {
  readonly id: string;
  readonly train: Float64Array;
  readonly test: Float64Array;
}

export interface DemandSet {
  readonly name: string;
  readonly freq: string;
  readonly season_length: number;
  readonly h: number;
  readonly series: readonly DemandSeries[];
}

/** Cuts h cells off the end after `held` more were thrown away: windows for tuning end before the reported one. */
function cut(id: string, y: Float64Array, h: number, held: number): DemandSeries {
  const first = y.findIndex((value) => !Number.isNaN(value));
  const end = y.length - held;
  return { id, train: y.slice(first, end - h), test: y.slice(end - h, end) };
}

const sales = ({ train }: DemandSeries): number => train.filter((value) => value > 0).length;

/** Car parts: 6 months ahead, the parts with sales in at least ten months before. `earlier` windows end earlier. */
export function carParts(earlier = 0): DemandSet {
  const [head, ...rows] = readGzip('forecast/carparts.csv.gz').trim().split('\n');
  const ids = head!.replaceAll('"', '').split(',').slice(1);
  const months = rows.map((row) => row.split(',').slice(1));
  const series = ids.map((id, j) => {
    const y = Float64Array.from(months, (row) => (row[j] === 'NA' ? Number.NaN : Number(row[j])));
    return cut(id, y, 6, 6 * earlier);
  });
  return {
    name: 'car parts',
    freq: 'MS',
    season_length: 12,
    h: 6,
    series: series.filter((s) => sales(s) >= 10),
  };
}

/** Online Retail: 28 trading days ahead, the 500 products that sold most before, from their first sale on. */
export function onlineRetail(earlier = 0): DemandSet {
  const h = 28;
  const series = readSales().map(({ id, y }) => cut(id, y, h, h * earlier));
  const total = ({ train }: DemandSeries): number =>
    train.filter((v) => v > 0).reduce((sum, v) => sum + v, 0);
  const best = series
    .filter((each) => sales(each) >= 2)
    .sort((a, b) => total(b) - total(a))
    .slice(0, 500);
  return { name: 'online retail', freq: '1', season_length: DAYS_PER_WEEK, h, series: best };
}
