// What a regression in front of a model gains: Walmart's holidays in an earlier window, the demo shop's prices and events.
import { simulateShop } from '../../src/collect/demo-shop/shop.ts';
import { type Distribution, quantile } from '../../src/core/distribution.ts';
import { ModelRefusal } from '../../src/core/errors.ts';
import { frequency } from '../../src/core/frequency.ts';
import { CellState, type Column, type Future, type Series } from '../../src/core/panel.ts';
import type { Context, ModelSpec } from '../../src/models/model.ts';
import { createModel } from '../../src/models/registry.ts';
import type { Result, Row, RunOptions } from '../harness.ts';
import { walmart } from '../shop-data.ts';

interface Case {
  readonly y: Float64Array;
  readonly start: number;
  readonly known: readonly Float64Array[];
}

interface Data {
  readonly name: string;
  readonly context: Context;
  readonly h: number;
  readonly cases: readonly Case[];
  readonly holidays: object;
}

/** Weeks up to the 39 that are the test of the Walmart protocol; 13 of them, with Thanksgiving and Christmas, are hidden. */
function walmartEarlier(quick: boolean): Data {
  const { freq, columns, series } = walmart({ columns: ['holiday'] });
  const cases: Case[] = [];
  for (const [i, { y, start, known }] of series.entries()) {
    if (y.length < 143 || i % (quick ? 40 : 8) !== 0) continue;
    const n = y.length - 39;
    cases.push({ y: y.slice(0, n), start, known: known.map((values) => values.slice(0, n)) });
  }
  return {
    name: 'walmart, weeks to January 2012',
    context: { freq, season_length: 52, seed: 1, knownFuture: columns },
    h: 13,
    cases,
    holidays: { country: 'US', events: ['Black Friday', 'Christmas', 'Easter', 'Back to school'] },
  };
}

/** The demo shop's history; what was sold out is missing, closed days are known. */
function demoShop(seed: number, quick: boolean): Data {
  const shop = simulateShop({ seed, products: quick ? 12 : 60 });
  const knownFuture: Pick<Column, 'name' | 'levels'>[] = [
    { name: 'price' },
    { name: 'promotion' },
    { name: 'open' },
  ];
  const cases: Case[] = [];
  for (const [i, { first, past }] of shop.series.entries()) {
    const from = shop.offsets[i]!;
    if (past < 400) continue;
    const cells = Array.from({ length: past }, (_, t) => from + t);
    const { units, closing, open, price, promotion } = shop.cells;
    const soldOut = (k: number): boolean => closing[k] === 0 && open[k] === 1;
    cases.push({
      start: shop.calendar.firstDay + first,
      y: Float64Array.from(cells, (k) => (soldOut(k) ? Number.NaN : units[k]!)),
      known: [
        Float64Array.from(cells, (k) => Math.log(price[k]!)),
        Float64Array.from(cells, (k) => (promotion[k]! >= 0 ? 1 : 0)),
        Float64Array.from(cells, (k) => open[k]!),
      ],
    });
  }
  return {
    name: 'demo shop, last 56 days',
    context: { freq: frequency('D'), season_length: 7, seed: 1, knownFuture },
    h: 56,
    cases,
    holidays: {
      country: 'GB',
      events: ['Black Friday', 'Christmas', 'Easter', "Valentine's Day", "Mother's Day", 'Halloween'],
      pay_days: [25],
    },
  };
}

interface Scores {
  readonly wape: number;
  readonly mase: number;
  readonly coverage_80: number;
  readonly refused: number;
  readonly cpu_ms: number;
}

/** Errors over all cells together: WAPE, and MASE on the changes from season to season. */
function score({ cases, h, context }: Data, spec: ModelSpec): Scores {
  const model = createModel(spec);
  const naive = createModel('naive');
  let error = 0;
  let sales = 0;
  let scaled = 0;
  let cells = 0;
  let inside = 0;
  let refused = 0;
  const since = process.cpuUsage();
  for (const { y, start, known } of cases) {
    const n = y.length - h;
    const past: Series = {
      y: y.slice(0, n),
      state: Uint8Array.from(y.subarray(0, n), (v) =>
        Number.isNaN(v) ? CellState.missing : CellState.observed,
      ),
      start,
      known: known.map((values) => values.subarray(0, n)),
    };
    const future: Future = { start: start + n, known: known.map((values) => values.subarray(n)) };
    let d: Distribution;
    try {
      d = model.forecast(model.fit(past, context), h, future);
    } catch (refusal) {
      if (!(refusal instanceof ModelRefusal)) throw refusal;
      refused++;
      d = naive.forecast(naive.fit(past, context), h, future);
    }
    const low = quantile(d, 0.1);
    const high = quantile(d, 0.9);
    let scale = 0;
    let steps = 0;
    for (let t = 1; t < n; t++) {
      const step = Math.abs(y[t]! - y[t - 1]!);
      if (Number.isNaN(step)) continue;
      scale += step;
      steps++;
    }
    scale /= Math.max(1, steps);
    for (let s = 0; s < h; s++) {
      const actual = y[n + s]!;
      if (Number.isNaN(actual) || !(scale > 0)) continue;
      const miss = Math.abs(actual - Math.max(0, d.mean[s]!));
      error += miss;
      sales += Math.abs(actual);
      scaled += miss / scale;
      cells++;
      if (actual >= Math.max(0, low[s]!) - 1e-9 && actual <= high[s]! + 1e-9) inside++;
    }
  }
  const { user, system } = process.cpuUsage(since);
  return {
    wape: error / sales,
    mase: scaled / cells,
    coverage_80: inside / cells,
    refused,
    cpu_ms: (user + system) / 1000 / cases.length,
  };
}

export async function run({ seed, quick }: RunOptions): Promise<Result> {
  const rows: Row[] = [];
  for (const data of [walmartEarlier(quick), demoShop(seed, quick)]) {
    const { holidays } = data;
    const specs: [label: string, spec: ModelSpec][] = [
      ['seasonal-naive', { model: 'seasonal-naive' }],
      ['ridge-regression, columns', { model: 'ridge-regression' }],
      ['additive, nothing known', { model: 'additive', options: { covariates: false } }],
      ['additive, columns and holidays', { model: 'additive', options: { holidays } }],
      ...['seasonal-naive', 'theta', 'dynamic-optimised-theta'].flatMap((model): [string, ModelSpec][] => [
        [model, { model }],
        [`${model} behind columns`, { model: 'with-regressors', options: { model } }],
        [`${model} behind columns and holidays`, { model: 'with-regressors', options: { model, holidays } }],
        [
          `${model} behind columns and holidays, boosted`,
          { model: 'with-regressors', options: { model, holidays, regressors: 'boosted' } },
        ],
      ]),
    ];
    const told = new Set<string>();
    for (const [label, spec] of specs) {
      if (told.has(label)) continue;
      told.add(label);
      rows.push({ data: data.name, model: label, series: data.cases.length, ...score(data, spec) });
    }
  }
  const wape = (data: string, model: string): number =>
    Number(rows.find((row) => String(row.data).startsWith(data) && row.model === model)?.wape);
  const model = 'dynamic-optimised-theta';
  return {
    claim: 'Known columns and holidays in front of a model make its forecasts better.',
    rows,
    failed: ['walmart', 'demo'].some(
      (data) => !(wape(data, `${model} behind columns and holidays`) < wape(data, model)),
    ),
    notes: ['wape and coverage over all cells together; mase on the changes from one period to the next.'],
  };
}
