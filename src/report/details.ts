// The largest series one by one: a fan chart each, how the last window came out, and the figures behind it.

import { formatChange, formatNumber, formatPercent, formatRange, plural } from '../core/number-text.ts';
import { seriesAt } from '../core/panel.ts';
import { formatPeriod, formatSpan } from './axis.ts';
import { fanChart, legend } from './fan-chart.ts';
import { escapeHtml, nameHtml, shorten } from './html.ts';
import type { Section } from './page.ts';
import type { Report } from './report.ts';
import { runsOf } from './runs.ts';
import { ended } from './series-list.ts';
import { hiddenOf, hindsight, type Summary } from './totals.ts';
import { horizonText, unitOf } from './words.ts';

/** Longest history in a chart, in periods. */
const MOST_PERIODS = 400;
/** Most rows in the table below a chart. */
const MOST_ROWS = 62;

/** How much history helps to judge a forecast: four horizons or two seasons, whichever is more. */
export const contextLength = (h: number, season_length: number): number =>
  Math.min(MOST_PERIODS, Math.max(4 * h, 2 * season_length, 24));

/** The figures of one series: mean and intervals by period. */
function figures(report: Report, i: number): string {
  const { forecast } = report;
  const { freq, h } = forecast;
  const { bands } = runsOf(report, i).forecast;
  const levels = [...bands].reverse();
  const head = levels.map(({ level }) => `<th scope="col">${level}% range</th>`).join('');
  const rows: string[] = [];
  for (let s = 0; s < Math.min(h, MOST_ROWS); s++) {
    const ranges = levels.map(({ lo, hi }) => `<td>${formatRange(lo[s]!, hi[s]!)}</td>`);
    rows.push(
      `<tr><th scope="row">${formatPeriod(freq, forecast.start[i]! + s)}</th>` +
        `<td>${formatNumber(forecast.mean[i * h + s]!)}</td>${ranges.join('')}</tr>`,
    );
  }
  const rest = h > MOST_ROWS ? `<p class="quiet">The first ${MOST_ROWS} of ${horizonText(freq, h)}.</p>` : '';
  return (
    `<details><summary>Figures</summary><div class="scroll" tabindex="0" role="region" aria-label="Figures">` +
    `<table class="figures"><thead><tr><th scope="col">${escapeHtml(horizonText(freq, 1))}</th>` +
    `<th scope="col">expected</th>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>${rest}</div></details>`
  );
}

function card(report: Report, summary: Summary, i: number): string {
  const { panel, forecast, season_length = panel.freq.seasons[0] ?? 1 } = report;
  const { freq, h } = forecast;
  const { y, state } = seriesAt(panel, i);
  const skip = Math.max(0, y.length - contextLength(h, season_length));
  const unit = escapeHtml(unitOf(report.target));
  const period = horizonText(freq, 1);
  const runs = runsOf(report, i);
  const name = shorten(panel.ids[i]!, 60);
  const start = forecast.start[i]!;
  const chart = fanChart({
    id: `s${i}`,
    title: `${name}: history and forecast`,
    description:
      `${formatNumber(summary.expected[i]!)} ${unitOf(report.target)} expected over the next ` +
      `${horizonText(freq, h)}, ${formatSpan(freq, start, start + h - 1)}.`,
    freq,
    start: panel.start[i]! + skip,
    history: y.subarray(skip),
    state: state.subarray(skip),
    closedWeekdays: panel.closedWeekdays,
    ...runs,
    height: 168,
    ticks: [4, 5],
  });
  const change = summary.before[i]! > 0 ? summary.expected[i]! / summary.before[i]! - 1 : Number.NaN;
  const changed = Number.isFinite(change)
    ? `, ${formatChange(change)} against the last ${horizonText(freq, h)}`
    : '';
  const past = hindsight(report, [i]);
  const checked =
    past && runs.backtest
      ? `<p class="quiet">Tried on the last ${horizonText(freq, Math.min(report.backtest!.h, hiddenOf(report.backtest!, i)))}: said ${formatNumber(past.forecast)}, ` +
        `observed ${formatNumber(past.observed)}${Number.isNaN(past.wape) ? '' : `; off by ${formatPercent(past.wape)}${h > 1 ? `, ${period} by ${period}` : ''}`}.</p>`
      : '';
  const fallback = forecast.fallback[i];
  return (
    `<article class="card" id="series-${i}"><h3>${nameHtml(panel.ids[i]!)}${ended(report, summary, i)}</h3>` +
    `<p><strong>${formatNumber(summary.expected[i]!)}</strong> ${unit} expected${changed}</p>` +
    `<div class="frame">${chart}</div>${checked}` +
    `<p class="quiet">Model: ${escapeHtml(shorten(forecast.model[i] ?? '', 160))}` +
    `${fallback === undefined ? '' : ` as a fallback: ${escapeHtml(shorten(fallback, 200))}`}</p>` +
    `${figures(report, i)}</article>`
  );
}

export function detailSection(
  report: Report,
  summary: Summary,
  charted: readonly number[],
): Section | undefined {
  if (charted.length === 0) return undefined;
  const all = charted.length === summary.order.length;
  const cards = charted.map((i) => card(report, summary, i)).join('');
  const intro = all
    ? `Each series with its history, its forecast and the range around it.`
    : `The ${plural(charted.length, 'series', 'series')} with the most ${escapeHtml(unitOf(report.target))} expected, each with its recent history, its forecast and the range around it.`;
  const tried = charted.some((i) => runsOf(report, i).backtest !== undefined);
  return {
    id: 'details',
    title: all ? 'Series in detail' : 'The largest series in detail',
    html: `<p class="intro">${intro} A range that leaves its chart is cut there; the figures have all of it.</p>${legend(report.forecast.level, tried)}<div class="cards">${cards}</div>`,
  };
}
