// The first thing a reader sees: what to expect in all, against what, how sure, and the chart of the total.

import { formatChange, formatNumber, formatPercent, plural } from '../core/number-text.ts';
import { sum } from '../math/statistics.ts';
import { formatSpan, yearLag } from './axis.ts';
import { escapeHtml, nameHtml } from './html.ts';
import type { Section } from './page.ts';
import type { Report } from './report.ts';
import { totalChart } from './total-chart.ts';
import { hindsight, type Summary } from './totals.ts';
import { horizonText, repeating, unitOf } from './words.ts';

interface Fact {
  readonly value: string;
  readonly text: string;
}

function facts(report: Report, summary: Summary): Fact[] {
  const { forecast, panel, scores, season_length = panel.freq.seasons[0] ?? 1 } = report;
  const { total } = summary;
  const { freq, h } = forecast;
  const found: Fact[] = [];
  const against = (past: number, text: string): void => {
    if (total && past > 0) {
      const value = formatChange(sum(total.mean) / past - 1);
      found.push({ value, text: `against ${text} (${formatNumber(past)})` });
    }
  };
  if (total) {
    against(total.before, `the last ${horizonText(freq, h)}`);
    const weeks = yearLag(freq) !== undefined && (freq.unit === 'day' || freq.unit === 'hour');
    const same = weeks
      ? 'the same weekdays'
      : h === 1
        ? `the same ${horizonText(freq, 1)}`
        : `the same ${freq.unit}s`;
    // With a horizon of one year the last periods and last year's are the same ones.
    if (h !== yearLag(freq)) against(total.yearBefore, `${same} a year earlier`);
  }
  const row = (model: string) => scores.find((s) => s.model === model && s.segment === 'all');
  const [used, naive] = [row('auto'), row('seasonal-naive')];
  if (used && Number.isFinite(used.wape)) {
    const yardstick =
      naive && Number.isFinite(naive.wape)
        ? `; ${repeating(freq, season_length)}: ${formatPercent(naive.wape)}`
        : '';
    const many = summary.order.length > 1 ? ', series by series' : '';
    found.push({
      value: formatPercent(used.wape),
      text: `off on ${horizonText(freq, 1)}s it had not seen${many}${yardstick}`,
    });
  }
  const past = hindsight(report, summary.order);
  if (past && past.observed > 0 && summary.order.length > 1) {
    const off = past.forecast / past.observed - 1;
    const size = formatPercent(Math.abs(off));
    found.push({
      value: size,
      text: `${size === '0%' ? 'off' : off > 0 ? 'too high' : 'too low'} in total, when it forecast the last ${horizonText(freq, report.backtest!.h)} without seeing ${report.backtest!.h > 1 ? 'them' : 'it'}`,
    });
  }
  return found;
}

export function headlineSection(report: Report, summary: Summary): Section {
  const { forecast, panel } = report;
  const { freq, h } = forecast;
  const { total } = summary;
  const count = summary.order.length;
  const amount = total ? sum(total.mean) : summary.sum;
  const when = total
    ? `Next ${horizonText(freq, h)} · ${formatSpan(freq, total.start, total.start + h - 1)}`
    : `The ${horizonText(freq, h)} after the end of each series`;
  const unit = escapeHtml(unitOf(report.target));
  const which =
    count === 1
      ? `of ${nameHtml(panel.ids[summary.order[0]!]!)}`
      : total && total.series < count
        ? `from ${formatNumber(total.series)} of ${plural(count, 'series', 'series')}`
        : `from ${plural(count, 'series', 'series')}`;
  const list = facts(report, summary)
    .map(({ value, text }) => `<li><strong>${value}</strong> <span>${escapeHtml(text)}</span></li>`)
    .join('');
  const lead =
    count === 0
      ? '<p class="when">There is no series in this forecast.</p>'
      : `<p class="when">${when}</p><p class="amount"><strong>${formatNumber(amount)}</strong> <span>${unit} expected ${which}</span></p>`;
  return {
    id: 'headline',
    title: undefined,
    html: `${lead}${list === '' ? '' : `<ul class="facts">${list}</ul>`}${total && count > 0 ? totalChart(report, summary, total) : ''}`,
  };
}
