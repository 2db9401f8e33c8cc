// All of M3 and M4 weekly: the default forecast and single models beside the published methods.
import { frequency } from '../../src/core/frequency.ts';
import { allocatePanel, CellState } from '../../src/core/panel.ts';
import { average, insampleScale, mase, smape } from '../../src/evaluate/metrics.ts';
import { forecastPrepared } from '../../src/pipeline.ts';
import { threads } from '../../src/run/threads.ts';
import type { Row } from '../harness.ts';
import { type CompetitionSeries, naive2, owa, readM3 } from '../m-competitions.ts';
import { m3Methods, m3Published, m4Weekly } from '../shop-data.ts';

const PERIODS = ['YEARLY', 'QUARTERLY', 'MONTHLY', 'OTHER'] as const;
const ALIAS: Readonly<Record<string, string>> = {
  YEARLY: 'YS',
  QUARTERLY: 'QS',
  MONTHLY: 'MS',
  OTHER: '1',
  WEEKLY: 'W',
};
const SINGLE = ['ets', 'arima', 'ces', 'dynamic-optimised-theta'];
/** With 52 weeks in a season ARIMA takes half a second a fit, and `auto` leaves it out too. */
const WEEKLY_SINGLE = ['ets', 'ces', 'dynamic-optimised-theta', 'auto-theta', 'mstl'];

interface Errors {
  readonly smape: number[];
  readonly mase: number[];
}

function errorsOf(series: readonly CompetitionSeries[], forecast: (i: number) => Float64Array): Errors {
  const out: Errors = { smape: [], mase: [] };
  for (const [i, { train, test, m }] of series.entries()) {
    const mean = forecast(i);
    out.smape.push(smape(test, mean));
    const scale = insampleScale(train, m);
    out.mase.push(scale > 0 ? mase(test, mean, scale) : Number.NaN);
  }
  return out;
}

const summary = ({ smape: s, mase: q }: Errors) => ({ smape: average(s).mean, mase: average(q).mean });

/** Forecasts of a panel made of the training parts, by `auto` or by the models named. */
async function forecasts(
  series: readonly CompetitionSeries[],
  models: readonly string[] | undefined,
  seed: number,
  season_length?: number,
): Promise<(i: number) => Float64Array> {
  const { h, period } = series[0]!;
  const panel = allocatePanel(
    { freq: frequency(ALIAS[period]!), ids: series.map(({ id }) => id), target: 'y' },
    series.map(({ train }) => train.length),
  );
  for (const [i, { train }] of series.entries()) {
    panel.y.set(train, panel.offsets[i]!);
    panel.state.fill(CellState.observed, panel.offsets[i]!, panel.offsets[i + 1]!);
  }
  const executor = threads(2);
  const { forecast } = await forecastPrepared(
    { panel, changes: [], notes: [] },
    {
      h,
      seed,
      executor,
      ...(models === undefined ? {} : { models }),
      ...(season_length === undefined ? {} : { season_length }),
    },
  );
  await executor.close();
  return (i) => forecast.mean.subarray(i * h, (i + 1) * h);
}

/** M3: every series, the competition's own split; groups and all of it. */
export async function m3Rows(quick: boolean, seed: number): Promise<Row[]> {
  const all = readM3().filter((_, i) => !quick || i % 20 === 0);
  const groups = new Map(PERIODS.map((period) => [period, all.filter((s) => s.period === period)]));
  const rows: Row[] = [];
  const add = async (
    model: string,
    of: (series: readonly CompetitionSeries[]) => Promise<(i: number) => Float64Array>,
  ): Promise<void> => {
    const total: Errors = { smape: [], mase: [] };
    const row: Record<string, string | number> = { part: 'M3', model };
    for (const [period, series] of groups) {
      const errors = errorsOf(series, await of(series));
      row[period.toLowerCase()] = average(errors.smape).mean;
      total.smape.push(...errors.smape);
      total.mase.push(...errors.mase);
    }
    rows.push({ ...row, ...summary(total) });
  };
  await add('auto', (series) => forecasts(series, undefined, seed));
  for (const model of SINGLE) await add(model, (series) => forecasts(series, [model], seed));
  await add('naive2', async (series) => (i) => naive2(series[i]!.train, series[i]!.m, series[i]!.h));
  for (const method of m3Methods()) {
    const published = m3Published(method);
    await add(`published ${method}`, async (series) => (i) => published.get(series[i]!.id)!);
  }
  const [first, ...others] = rows;
  return [first!, ...others.sort((a, b) => Number(a.smape) - Number(b.smape)).slice(0, 12)];
}

/** M4 weekly: all 359 series, 13 weeks; OWA against Naive2 as the organisers define it. */
export async function weeklyRows(quick: boolean, seed: number): Promise<Row[]> {
  const series = m4Weekly()
    .filter((_, i) => !quick || i % 20 === 0)
    .map(({ id, train, test }) => ({ id, period: 'WEEKLY', m: 1, h: 13, train, test }));
  const reference = summary(errorsOf(series, (i) => naive2(series[i]!.train, 1, 13)));
  const rows: Row[] = [];
  for (const [model, models] of [
    ['auto', undefined],
    ...WEEKLY_SINGLE.map((name) => [name, [name]] as const),
  ] as const) {
    const scores = summary(errorsOf(series, await forecasts(series, models, seed)));
    rows.push({ part: 'M4 weekly', model, ...scores, owa: owa(scores, reference) });
  }
  rows.push({ part: 'M4 weekly', model: 'naive2', ...reference, owa: 1 });
  for (const [model, value] of [
    ['published best', 0.739],
    ['published ETS/ARIMA/CES/DOT median', 0.751],
    ['published ES-RNN', 0.851],
    ['published Theta', 0.971],
  ] as const)
    rows.push({ part: 'M4 weekly', model, owa: value });
  return rows;
}
