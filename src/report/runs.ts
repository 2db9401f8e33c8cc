// One series out of the report's columns, as the charts want it.
import { lengthOf } from '../core/panel.ts';
import { interval } from '../forecast/forecast-table.ts';
import type { Band, Run } from './fan-chart.ts';
import type { Report } from './report.ts';
import { hiddenOf } from './totals.ts';

/** The intervals of series i, widest first. */
function bandsOf({ forecast }: Report, i: number): Band[] {
  const { h } = forecast;
  const part = (column: Float64Array): Float64Array => column.subarray(i * h, (i + 1) * h);
  return [...forecast.level]
    .sort((a, b) => b - a)
    .map((level) => {
      const { lo, hi } = interval(forecast, level);
      return { level, lo: part(lo), hi: part(hi) };
    });
}

/** The forecast of series i, and what was forecast for the reported window where anything was. */
export function runsOf(report: Report, i: number): { forecast: Run; backtest?: Run } {
  const { panel, forecast, backtest } = report;
  const { h } = forecast;
  const next = {
    start: forecast.start[i]!,
    mean: forecast.mean.subarray(i * h, (i + 1) * h),
    bands: bandsOf(report, i),
  };
  if (!backtest || hiddenOf(backtest, i) > lengthOf(panel, i)) return { forecast: next };
  const part = (values: Float64Array): Float64Array => values.subarray(i * backtest.h, (i + 1) * backtest.h);
  const { lo80, hi80 } = backtest;
  const mean = part(backtest.mean);
  if (mean.every((value) => Number.isNaN(value))) return { forecast: next };
  return {
    forecast: next,
    backtest: {
      start: panel.start[i]! + lengthOf(panel, i) - hiddenOf(backtest, i),
      mean,
      bands: lo80 && hi80 ? [{ level: 80, lo: part(lo80), hi: part(hi80) }] : [],
    },
  };
}
