// The list of series, largest first, with a sparkline each; it can be searched and sorted where scripts run.

import { formatChange, formatNumber, formatPercent, formatRange, plural } from '../core/number-text.ts';
import { seriesAt } from '../core/panel.ts';
import { formatPeriod } from './axis.ts';
import { escapeHtml, nameHtml, shorten } from './html.ts';
import type { Section } from './page.ts';
import type { Report } from './report.ts';
import { averages, sparkline } from './sparkline.ts';
import type { Summary } from './totals.ts';
import { horizonText, unitOf } from './words.ts';

/** Where the list reaches this many characters it ends, so that the page can be sent by mail. */
const MOST_CHARACTERS = 1_600_000;
/** Rows on paper; the rest is for the screen. */
export const PRINTED_ROWS = 40;

/** Points of history in a sparkline at most. */
const MOST_POINTS = 60;

/** Periods in one point of a sparkline: a short season where the horizon holds two, so that the trend is seen. */
function stretchOf(report: Report): number {
  const { panel, forecast, season_length = panel.freq.seasons[0] ?? 1 } = report;
  const short = season_length <= 31 && forecast.h >= 2 * season_length ? season_length : 1;
  return Math.max(short, Math.ceil(forecast.h / MOST_POINTS));
}

function trend(report: Report, i: number, stretch: number): string {
  const { panel, forecast } = report;
  const { h } = forecast;
  const { y } = seriesAt(panel, i);
  const most = stretch * Math.min(MOST_POINTS, Math.max(26, Math.ceil((4 * h) / stretch)));
  const mean = forecast.mean.subarray(i * h, (i + 1) * h);
  return sparkline(
    averages(y.subarray(Math.max(0, y.length - most)), stretch, true),
    averages(mean, stretch),
  );
}

/** Says where a series ends that does not end with the others, because its forecast is for other periods. */
export function ended({ forecast }: Report, { total }: Summary, i: number): string {
  const start = forecast.start[i]!;
  if (!total || start === total.start) return '';
  return ` <span class="role">ends ${formatPeriod(forecast.freq, start - 1)}</span>`;
}

/** A cell with the number it is sorted by; cells without one sort last. */
const numberCell = (value: number, text: string, name = ''): string =>
  `<td${name}${Number.isFinite(value) ? ` data-v="${Number(value.toPrecision(6))}"` : ''}>${text}</td>`;

function row(report: Report, summary: Summary, i: number, stretch: number, linked: boolean): string {
  const { panel, forecast } = report;
  const expected = summary.expected[i]!;
  const before = summary.before[i]!;
  const change = before > 0 ? expected / before - 1 : Number.NaN;
  const name = nameHtml(panel.ids[i]!, 48);
  const [lo, hi] = [report.totals.lo[i]!, report.totals.hi[i]!];
  const range = Number.isNaN(lo) ? '–' : formatRange(lo, hi);
  const fallback = forecast.fallback[i];
  const model = forecast.model[i] ?? '';
  const short = shorten(model, 56);
  const more = [...(short === model ? [] : [model]), ...(fallback === undefined ? [] : [fallback])].join(
    '; ',
  );
  const reason = more === '' ? '' : ` title="${escapeHtml(shorten(more, 300))}"`;
  return (
    `<tr><th scope="row">${linked ? `<a href="#series-${i}">${name}</a>` : name}${ended(report, summary, i)}</th>` +
    `<td class="trend">${trend(report, i, stretch)}</td>` +
    numberCell(expected, formatNumber(expected), ' class="main"') +
    numberCell(change, formatChange(change)) +
    numberCell(hi - lo, range, ' class="range"') +
    `<td class="text">${escapeHtml(shorten(report.segments[i] ?? '', 40))}</td>` +
    `<td class="text model"${reason}>${escapeHtml(short)}${fallback === undefined ? '' : ' (fallback)'}</td></tr>`
  );
}

export function seriesSection(
  report: Report,
  summary: Summary,
  charted: readonly number[],
  most: number,
): Section | undefined {
  const count = summary.order.length;
  if (count < 2) return undefined;
  const { forecast } = report;
  const { freq, h } = forecast;
  const linked = new Set(charted);
  const stretch = stretchOf(report);
  const rows: string[] = [];
  let characters = 0;
  let listed = 0;
  for (const i of summary.order.slice(0, most)) {
    const text = row(report, summary, i, stretch, linked.has(i));
    characters += text.length;
    if (characters > MOST_CHARACTERS) break;
    rows.push(text);
    listed += Number.isNaN(summary.expected[i]!) ? 0 : summary.expected[i]!;
  }
  const unit = escapeHtml(unitOf(report.target));
  const { level } = report.totals;
  const share =
    summary.sum > 0 && listed <= summary.sum
      ? `, ${formatPercent(listed / summary.sum)} of all ${unit} expected`
      : '';
  const rest =
    rows.length < count
      ? `The list holds the ${plural(rows.length, 'largest series', 'largest series')} of ${plural(count, 'series', 'series')}${share}; ${plural(count - rows.length, 'smaller one is', 'smaller ones are')} not shown here.`
      : `All ${plural(count, 'series', 'series')}, largest first.`;
  const explained = ` What a series sells over the ${horizonText(freq, h)} in all should fall inside its range in ${level} of 100 cases.`;
  const column = (text: string, name: string, sort: 'text' | 'number' | 'none'): string =>
    `<th scope="col" class="${name}"${sort === 'none' ? '' : ` data-sort="${sort}"`}>${text}</th>`;
  const paper =
    rows.length > PRINTED_ROWS
      ? `<p class="print-only quiet">On paper: the first ${PRINTED_ROWS} of ${plural(rows.length, 'row')}.</p>`
      : '';
  return {
    id: 'series',
    title: 'Series by series',
    html:
      `<p class="intro" id="series-about">${rest}${explained}</p>` +
      `<p class="find" hidden><label for="find">Find a series</label> <input id="find" type="search" autocomplete="off" spellcheck="false"> <output for="find"></output></p>` +
      `<div class="scroll tall" tabindex="0" role="region" aria-label="Series by series">` +
      `<table class="series" aria-describedby="series-about"><caption class="unseen">Expected ${unit} by series over the next ${horizonText(freq, h)}</caption><thead><tr>` +
      column('Series', 'text', 'text') +
      column(`Trend${stretch > 1 ? `, by ${horizonText(freq, stretch)}` : ' and forecast'}`, 'text', 'none') +
      column(`Expected`, '', 'number') +
      column(`Against last ${horizonText(freq, h)}`, '', 'number') +
      column(`${level}% range`, '', 'number') +
      column('Segment', 'text', 'text') +
      column('Model', 'text', 'text') +
      `</tr></thead><tbody>${rows.join('')}</tbody></table></div>${paper}`,
  };
}
