// The chart of all series added up, with the whole history below it where that is long.

import { formatNumber, formatPercent, plural } from '../core/number-text.ts';
import { CellState } from '../core/panel.ts';
import { sum } from '../math/statistics.ts';
import { formatSpan } from './axis.ts';
import { fanChart, legend } from './fan-chart.ts';
import { escapeHtml, nameHtml, shorten } from './html.ts';
import type { Report } from './report.ts';
import { runsOf } from './runs.ts';
import type { Summary, Total } from './totals.ts';
import { horizonText, unitOf } from './words.ts';

/** Longest history drawn period by period; a longer one is added as an overview. */
const MOST_PERIODS = 260;

/** The chart of the total as a figure; for a single series with its intervals. */
export function totalChart(report: Report, summary: Summary, total: Total): string {
  const { panel, forecast, season_length = panel.freq.seasons[0] ?? 1 } = report;
  const { freq, h } = forecast;
  const length = total.history.length;
  const shown =
    length <= MOST_PERIODS ? length : Math.min(Math.max(6 * h, 4 * season_length, 60), length, MOST_PERIODS);
  const skip = length - shown;
  const only = summary.order.length === 1 ? summary.order[0]! : undefined;
  const single = only === undefined ? undefined : runsOf(report, only);
  const backtest = single ? single.backtest : total.backtest && { ...total.backtest, bands: [] };
  const unit = unitOf(report.target);
  const what =
    only === undefined
      ? `All ${plural(total.series, 'series', 'series')} added up`
      : shorten(panel.ids[only]!, 60);
  const chart = fanChart({
    id: 'total',
    title: `${what}: ${unit} a ${horizonText(freq, 1)}, history and forecast`,
    description:
      `Observed ${unit} up to ${formatSpan(freq, total.start - 1, total.start - 1)}, then ` +
      `${formatNumber(sum(total.mean))} expected over the next ${horizonText(freq, h)}.`,
    freq,
    start: total.historyStart + skip,
    history: total.history.subarray(skip),
    state: total.state.subarray(skip),
    closedWeekdays: panel.closedWeekdays,
    forecast: single?.forecast ?? { start: total.start, mean: total.mean, bands: [] },
    ...(backtest ? { backtest } : {}),
    height: 280,
    ticks: [4, 9],
  });
  const caveats: string[] = [];
  if (only === undefined) {
    caveats.push(
      'No range is drawn around the total: the ranges of single series cannot simply be added up, and how far series miss together is not known.',
    );
  }
  if (total.series < summary.order.length) {
    const others = summary.order.length - total.series;
    caveats.push(
      `${plural(others, 'series', 'series')} that ${others === 1 ? 'ends in another period is' : 'end in another period are'} left out of this chart.`,
    );
  }
  if (total.backtest && total.backtest.untried > 0) {
    caveats.push(
      `${plural(total.backtest.untried, 'series', 'series')} too new to be tried ${total.backtest.untried === 1 ? 'is' : 'are'} in the dashed line as observed.`,
    );
  }
  if (total.unobserved > 0.02) {
    caveats.push(
      `${formatPercent(total.unobserved)} of the recent history was not observed (missing or out of stock) and is not in the line of what was observed.`,
    );
  }
  return (
    `<figure class="plot hero"><h2 class="plot-title">${nameHtml(what, 80)}, ${escapeHtml(unit)} a ${horizonText(freq, 1)}</h2>` +
    `${legend(only === undefined ? [] : forecast.level, backtest !== undefined)}` +
    `<div class="frame">${chart}</div>${skip > 0 ? overview(total, report) : ''}` +
    `${caveats.length > 0 ? `<figcaption>${caveats.map(escapeHtml).join(' ')}</figcaption>` : ''}</figure>`
  );
}

/** The whole history in sums over seasons, for context above which the details are read. */
function overview(total: Total, report: Report): string {
  const { panel, forecast, season_length = panel.freq.seasons[0] ?? 1 } = report;
  const { freq, h } = forecast;
  const length = total.history.length;
  const unit = season_length > 1 && season_length <= 31 ? season_length : 1;
  const chunk = unit * Math.max(1, Math.ceil(length / unit / MOST_PERIODS));
  if (chunk === 1) return '';
  const sums = (values: Float64Array, count: number, from: number, closed: (t: number) => boolean) => {
    const out = new Float64Array(count);
    for (let k = 0; k < count; k++) {
      // A stretch on which the shop was always shut sold nothing; one that nobody observed is unknown.
      let known = false;
      let open = false;
      for (let t = from + k * chunk; t < from + (k + 1) * chunk; t++) {
        if (!closed(t)) open = true;
        if (Number.isNaN(values[t]!)) continue;
        out[k]! += values[t]!;
        known = true;
      }
      if (open && !known) out[k] = Number.NaN;
    }
    return out;
  };
  // Stretches are counted back from the first forecast period, so that none mixes past and future.
  const back = Math.floor(length / chunk);
  const history = sums(
    total.history,
    back,
    length - back * chunk,
    (t) => total.state[t] === CellState.closed,
  );
  const mean = sums(total.mean, Math.floor(h / chunk), 0, () => false);
  const coarse = { ...freq, multiple: freq.multiple * chunk };
  const offset = ((total.start % chunk) + chunk) % chunk;
  // Periods of the coarse axis are labelled a little early (by less than one of them) where the cut is between.
  const first = (total.start - offset) / chunk - back;
  const chart = fanChart({
    id: 'overview',
    title: `The whole history, in sums of ${horizonText(freq, chunk)}`,
    description: `${history.length} sums of ${horizonText(freq, chunk)} each, then the forecast.`,
    freq: coarse,
    start: first,
    history,
    forecast: { start: first + back, mean, bands: [] },
    height: 84,
    ticks: [4, 9],
  });
  return `<h3 class="plot-title minor">The whole history, in sums of ${horizonText(freq, chunk)}</h3><div class="frame">${chart}</div>`;
}
