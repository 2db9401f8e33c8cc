// What an explanation tells of the days to come of a demo shop, beside what is true of them.
import { AND } from '../../src/explain/coinciding.ts';
import { contributionsOf } from '../../src/explain/contributions.ts';
import { mean, sum } from '../../src/math/statistics.ts';
import type { ModelSpec } from '../../src/models/model.ts';
import { forecastObservations } from '../../src/pipeline.ts';
import { demoShop, type ShopSize, seenOf, type TrueDay, type TrueSeries, truthOf } from './shop-truth.ts';

export const H = 28;
/** Units a day from which a product's days can be told from noise. */
export const LEAST = 3;
/** Few points alone: intervals take time and are not explained. */
export const POINTS: ModelSpec = {
  model: 'boosted',
  options: { rows: 12_000, trials: 1, quantiles: [], trees: { rounds: 60 } },
};
export const BOOSTED = { model: 'boosted', options: { rows: 30_000, trials: 1 } };

function ranks(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((a, b) => values[a]! - values[b]!);
  const out: number[] = [];
  for (const [rank, k] of order.entries()) out[k] = rank;
  return out;
}

/** Spearman's. */
export function rankCorrelation(pairs: readonly Pair[]): number {
  const [a, b] = [ranks(pairs.map(({ told }) => told)), ranks(pairs.map(({ truth }) => truth))];
  const centre = (pairs.length - 1) / 2;
  const product = (x: number[], y: number[]): number => sum(x.map((v, k) => (v - centre) * (y[k]! - centre)));
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

export interface Pair {
  readonly told: number;
  readonly truth: number;
}

export const sameSign = (pairs: readonly Pair[]): number =>
  mean(pairs.map(({ told, truth }) => (told * truth > 0 ? 1 : 0)));

/** One day with what is told of it. */
export interface ToldDay extends TrueDay {
  readonly scale: number;
  /** What drivers add, in units: those that have one of the names, or tell of it together with another. */
  readonly of: (...names: string[]) => number;
  readonly seasonal: number;
  /** All but known columns. */
  readonly usual: number;
}

/** One series with what is told of it. */
export interface ToldSeries extends Omit<TrueSeries, 'days'> {
  readonly days: readonly ToldDay[];
  /** The mean trend ahead as a share of the mean forecast. */
  readonly trend: number;
}

export interface ToldOptions {
  readonly seed?: number;
  readonly end?: string;
  readonly h?: number;
  /** Units a day that a product sells at least. */
  readonly least?: number;
  readonly soldOut?: 'unknown' | 'taken';
  /** Windows of the past that are tried. */
  readonly windows?: number;
  readonly size?: ShopSize;
}

/** The series of a demo shop, told and true. */
export async function told(
  models: NonNullable<Parameters<typeof forecastObservations>[1]>['models'],
  {
    seed = 1,
    end = '2026-06-30',
    h = H,
    least = LEAST,
    soldOut = 'unknown',
    windows = 4,
    size,
  }: ToldOptions = {},
): Promise<ToldSeries[]> {
  const shop = demoShop(seed, end, h, size);
  const run = await forecastObservations(await seenOf(shop, soldOut), {
    h,
    windows,
    keep: true,
    models: models!,
  });
  const truths = truthOf(shop, h, least);
  const places = truths.map(({ unique_id }) => run.panel.ids.indexOf(unique_id));
  const each = await contributionsOf(run, places);
  return truths.map((truth, k) => {
    const { drivers, parts, mean: forecast } = each[k]!;
    const scale = mean(forecast);
    const days = truth.days.map((day) => ({
      ...day,
      scale,
      of: (...names: string[]) =>
        sum(
          drivers
            .filter(({ name }) => name.split(AND).some((own) => names.includes(own)))
            .map(({ values }) => values[day.step]!),
        ),
      seasonal: parts.seasonal[day.step]!,
      usual: parts.level[day.step]! + parts.trend[day.step]! + parts.seasonal[day.step]!,
    }));
    return { ...truth, days, trend: mean(parts.trend) / scale };
  });
}
