// One series and its forecast as a chart in the terminal.
import { endOf, type Panel, seriesAt } from '../../core/panel.ts';
import { type ForecastTable, interval } from '../../forecast/forecast-table.ts';
import { sum } from '../../math/statistics.ts';
import { type FanChartOptions, fanChart } from './chart.ts';

/** The series with the largest total. */
export function largest(panel: Panel): number {
  let best = 0;
  let most = -Infinity;
  for (let i = 0; i < panel.ids.length; i++) {
    const total = sum(seriesAt(panel, i).y);
    if (total > most) {
      most = total;
      best = i;
    }
  }
  return best;
}

/** History as long as four horizons, at least two seasons, then the forecast with its intervals. */
export function chartOf(
  panel: Panel,
  forecast: ForecastTable,
  i: number,
  options: Pick<FanChartOptions, 'width' | 'height' | 'color' | 'ascii'>,
): string {
  const { y } = seriesAt(panel, i);
  const { h, freq } = forecast;
  const shown = Math.min(y.length, Math.max(4 * h, 2 * freq.seasons[0]!, 30));
  const part = (column: Float64Array): Float64Array => column.subarray(i * h, (i + 1) * h);
  return fanChart({
    ...options,
    title: `${panel.ids[i]}: ${panel.target}`,
    freq,
    history: y.subarray(y.length - shown),
    historyStart: endOf(panel, i) - shown,
    mean: part(forecast.mean),
    bands: forecast.level.map((level) => {
      const { lo, hi } = interval(forecast, level);
      return { level, lo: part(lo), hi: part(hi) };
    }),
  });
}
