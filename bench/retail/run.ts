// Boosted trees on retail panels, beside the seasonal naive, the best classical model and what others published.

import { type Distribution, quantile } from '../../src/core/distribution.ts';
import { cutPanel } from '../../src/core/moved-end.ts';
import { endOf, lengthOf, type Panel } from '../../src/core/panel.ts';
import { type BoostedOptions, boosted } from '../../src/models/boosted.ts';
import { fitOrFallBack } from '../../src/models/fallback.ts';
import { createModel } from '../../src/models/registry.ts';
import { cpuSeconds, peakMemory, type Result, type Row, type Run } from '../harness.ts';
import { walmart } from '../shop-data.ts';
import { type Forecaster, scoreWalmart } from '../walmart.ts';
import { type PanelForecaster, seriesBySeries, wholeWay, withTrees } from '../whole-panel.ts';
import { juicePanel, walmartPanel } from './panels.ts';

/** Weeks ahead and least observed weeks of the Walmart protocol. */
const WALMART_H = 39;
const WALMART_LEAST = 79;
/** Known in the task as it was published, besides holidays. */
const WALMART_COLUMNS = [
  'temperature',
  'fuel_price',
  'markdown_1',
  'markdown_2',
  'markdown_3',
  'markdown_4',
  'markdown_5',
  'cpi',
  'unemployment',
];

const WALMART_PUBLISHED: readonly Row[] = [
  { model: 'AutoARIMA, published', mase: 1.2474, sql: 1.0205, wape: 0.1596, wql: 0.132 },
  { model: 'LightGBM, published', mase: 1.2457, wape: 0.1514 },
  { model: 'CatBoost, published', mase: 1.2251, wape: 0.1496 },
  { model: 'TimesFM-2.5, published', mase: 0.8615, sql: 0.6794, wape: 0.1016, wql: 0.0803 },
  { model: 'TabPFN-TS, published', mase: 0.8213, sql: 0.6589, wape: 0.0928, wql: 0.0745 },
  { model: 'Chronos-2, published', mase: 0.8167, sql: 0.6478, wape: 0.0934, wql: 0.0739 },
].map((row) => ({ part: 'walmart', ...row }));

const JUICE_PUBLISHED: readonly Row[] = [
  { model: 'LightGBM, published', mape: 36.28 },
  { model: 'dilated CNN, published', mape: 37.09 },
  { model: 'RNN, published', mape: 37.68 },
  { model: 'ARIMA, published', mape: 70.8 },
  { model: 'ETS, published', mape: 70.99 },
  { model: 'seasonal naive, published', mape: 165.06 },
].map((row) => ({ part: 'oj', ...row }));

const DECILES = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** The mean of two distributions: of their points, and of their quantiles probability by probability. */
function averaged(a: Distribution, b: Distribution): Distribution {
  const probabilities = [0.025, ...DECILES, 0.975];
  const columns = probabilities.map((p) => {
    const [one, other] = [quantile(a, p), quantile(b, p)];
    return one.map((v, s) => (v + other[s]!) / 2);
  });
  const h = a.mean.length;
  return {
    kind: 'quantiles',
    mean: a.mean.map((v, s) => (v + b.mean[s]!) / 2),
    probabilities: Float64Array.from(probabilities),
    values: Float64Array.from(
      { length: h * probabilities.length },
      (_, k) => columns[k % probabilities.length]![Math.floor(k / probabilities.length)]!,
    ),
  };
}

/** The Walmart protocol: without anything known but holidays, and with all columns of the published task. */
async function walmartPart(seed: number, quick: boolean): Promise<Row[]> {
  const rows: Row[] = [];
  const shopOf = (columns: readonly string[]) => {
    const shop = walmart({ columns });
    return quick ? { ...shop, series: shop.series.filter((_, k) => k % 20 === 0) } : shop;
  };
  const score = (
    model: string,
    shop: ReturnType<typeof shopOf>,
    forecaster: Forecaster,
    since: NodeJS.CpuUsage,
  ): void => {
    const scores = scoreWalmart(shop, 52, forecaster);
    rows.push({ part: 'walmart', model, ...scores, cpu_s: cpuSeconds(since), peak_mb: peakMemory() });
  };
  const classical = (name: string): Forecaster => {
    const model = createModel(name);
    const fallbacks = [createModel('seasonal-naive'), createModel('naive')];
    return (series, context, h, future) =>
      fitOrFallBack(model, fallbacks, series, context, h, future).distribution;
  };
  const bare = shopOf([]);
  score('seasonal-naive', bare, classical('seasonal-naive'), process.cpuUsage());
  score('shape-level', bare, classical('shape-level'), process.cpuUsage());
  for (const [told, columns] of [
    ['holidays known', ['holiday']],
    ['all columns known', ['holiday', ...WALMART_COLUMNS]],
  ] as const) {
    const shop = shopOf(columns);
    const since = process.cpuUsage();
    const panel = cutPanel(walmartPanel(shop, WALMART_LEAST), WALMART_H);
    const model = boosted();
    const state = model.fitAll(panel, { h: WALMART_H, season_length: 52, seed });
    const found = model.forecastAll(state, panel, WALMART_H);
    process.stderr.write(`walmart, ${told}: ${state.notes.join('; ')}\n`);
    let next = 0;
    score(`boosted, ${told}`, shop, () => found[next++]!, since);
    // Markdowns have gaps in the weeks to come, which the whole way refuses.
    if (told !== 'holidays known') continue;
    const began = process.cpuUsage();
    const blended = await wholeWay(panel, WALMART_H, 52, seed);
    let at = 0;
    score(`auto, ${told}`, shop, () => blended[at++]!, began);
    const shape = classical('shape-level');
    next = 0;
    const both: Forecaster = (...input) => averaged(found[next++]!, shape(...input));
    score('mean of boosted, holidays known, and shape-level', shop, both, since);
  }
  return [...rows, ...WALMART_PUBLISHED];
}

/** Two weeks each, after a gap of one. */
const JUICE_ROUNDS = 12;
const JUICE_H = 3;

/** Sums of errors over the scored weeks of all rounds. */
interface JuiceSums {
  percent: number;
  error: number;
  units: number;
  pinball: number;
  rows: number;
}

/** Adds the errors of one round: the second and third week after its end, whatever week a series ended in. */
function addRound(
  sums: JuiceSums,
  panel: Panel,
  cut: Panel,
  end: number,
  found: readonly Distribution[],
): void {
  for (const [i, distribution] of found.entries()) {
    const first = endOf(cut, i);
    const quantiles = DECILES.map((p) => quantile(distribution, p));
    for (let s = 0; s < JUICE_H; s++) {
      const t = first + s - panel.start[i]!;
      if (first + s < end + 2 || first + s > end + 3 || t >= lengthOf(panel, i)) continue;
      const y = panel.y[panel.offsets[i]! + t]!;
      if (Number.isNaN(y)) continue;
      const off = Math.abs(y - distribution.mean[s]!);
      sums.rows++;
      sums.percent += off / y;
      sums.error += off;
      sums.units += y;
      for (const [k, p] of DECILES.entries()) {
        const e = y - quantiles[k]![s]!;
        sums.pinball += (e >= 0 ? p * e : (p - 1) * e) / DECILES.length;
      }
    }
  }
}

/** The orange juice protocol: own and competitors' prices, deals and features of the target weeks are known. */
async function juicePart(seed: number, quick: boolean): Promise<Row[]> {
  const { panel, periodOf } = juicePanel();
  const scored = async (model: string, forecaster: PanelForecaster): Promise<Row> => {
    const since = process.cpuUsage();
    const sums: JuiceSums = { percent: 0, error: 0, units: 0, pinball: 0, rows: 0 };
    for (let round = 0; round < (quick ? 1 : JUICE_ROUNDS); round++) {
      const end = periodOf(135 + 2 * round);
      const hidden = panel.ids.map((_, i) => Math.max(0, endOf(panel, i) - 1 - end));
      const cut = cutPanel(panel, hidden);
      addRound(sums, panel, cut, end, await forecaster(cut, JUICE_H, 52, seed));
    }
    return {
      part: 'oj',
      model,
      rows: sums.rows,
      mape: (100 * sums.percent) / sums.rows,
      wape: sums.error / sums.units,
      pinball: sums.pinball / sums.rows,
      cpu_s: cpuSeconds(since),
      peak_mb: peakMemory(),
    };
  };
  return [
    await scored('seasonal-naive', seriesBySeries('seasonal-naive')),
    await scored('boosted for MAPE', withTrees({ ...JUICE, loss: 'mape', quantiles: [] })),
    await scored('boosted for WAPE', withTrees({ ...JUICE, loss: 'mae', quantiles: [] })),
    { part: 'oj', model: 'ridge a series, scaled by exp(−s²)', mape: 38.4 },
    ...JUICE_PUBLISHED,
  ];
}

/** Chosen on round −4, which ends before the first that is scored: logarithms 34.9, scale 36.3; larger trees gained nothing. */
const JUICE: BoostedOptions = {
  transform: 'log',
  trials: 1,
};

const PARTS: Readonly<Record<string, (seed: number, quick: boolean) => Promise<Row[]>>> = {
  walmart: walmartPart,
  oj: juicePart,
};

/** `npm run bench -- retail [walmart] [oj]`. */
export const run: Run = async ({ seed, quick, rest }): Promise<Result> => {
  const parts = rest.length > 0 ? rest : Object.keys(PARTS);
  const rows: Row[] = [];
  for (const part of parts) rows.push(...((await PARTS[part]?.(seed, quick)) ?? []));
  const of = (part: string, model: string, column: string): number =>
    Number(rows.find((row) => row.part === part && row.model === model)?.[column] ?? Number.NaN);
  return {
    claim: 'Boosted trees over the whole panel forecast retail better than the published boosted trees.',
    rows,
    failed:
      of('walmart', 'boosted, holidays known', 'mase') >= 0.9 ||
      of('oj', 'boosted for MAPE', 'mape') >= 36.28,
    notes: [
      'walmart: mase over all cells together; what is known of the future is said in the name of the model.',
      'oj: own and other prices, deals and features of the target weeks are known; MAPE rewards forecasting low.',
    ],
  };
};
