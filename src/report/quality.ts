// How good the forecast is: errors on held-back periods beside the yardstick, in words first, then as tables.

import { capital, formatFixed, formatNumber, formatPercent, NO_NUMBER, plural } from '../core/number-text.ts';
import type { ScoreRow } from '../evaluate/scores.ts';
import { dumbbell, scaleOf } from './dumbbell.ts';
import { escapeHtml, shorten } from './html.ts';
import type { Section } from './page.ts';
import type { Report } from './report.ts';
import { horizonText, modelTitle, repeating, segmentMeaning } from './words.ts';

const MOST_SEGMENTS = 40;
/** Coverage this far from its level, both as shares, is called out: half of what should fall outside, at most 0.05. */
const slackOf = (level: number): number => Math.min(0.05, (1 - level) / 2);

const find = (scores: readonly ScoreRow[], model: string, segment: string): ScoreRow | undefined =>
  scores.find((row) => row.model === model && row.segment === segment);

const levelsOf = (scores: readonly ScoreRow[]): number[] =>
  [...new Set(scores.flatMap((row) => Object.keys(row.coverage).map(Number)))].sort((a, b) => a - b);

/** The comparison with the yardstick in a sentence or two, whichever of them won. */
function verdict(report: Report): string {
  const { scores, forecast, panel, windows = 1, season_length = panel.freq.seasons[0] ?? 1 } = report;
  const { freq } = forecast;
  const h = report.backtest?.h ?? forecast.h;
  const [used, naive] = [find(scores, 'auto', 'all'), find(scores, 'seasonal-naive', 'all')];
  if (!used || !Number.isFinite(used.wape)) return '';
  const held =
    windows > 1
      ? `On ${windows} stretches of ${horizonText(freq, h)} that it had not seen`
      : `On the last ${horizonText(freq, h)}, which it had not seen`;
  let text = `${held}, the forecast was off by <strong>${formatPercent(used.wape)}</strong> of what was observed.`;
  if (naive && Number.isFinite(naive.wape)) {
    const rule = repeating(freq, season_length);
    const gain = 1 - used.wape / naive.wape;
    text +=
      gain > 0.02
        ? ` ${capital(rule)} would have been off by <strong>${formatPercent(naive.wape)}</strong>: the forecast makes ${formatPercent(gain)} less error.`
        : gain < -0.02
          ? ` ${capital(rule)} would have been closer, off by <strong>${formatPercent(naive.wape)}</strong>: on these data the forecast did not earn its keep.`
          : ` ${capital(rule)} would have done as well, off by <strong>${formatPercent(naive.wape)}</strong>.`;
    if (used.series > 1 && Number.isFinite(used.win_rate)) {
      text += ` It was the closer one on ${formatPercent(used.win_rate)} of ${plural(used.series, 'series', 'series')}.`;
    }
  }
  if (Math.abs(used.bias) >= 0.005) {
    text += ` Over all it was ${formatPercent(Math.abs(used.bias))} too ${used.bias > 0 ? 'high' : 'low'}.`;
  }
  return `<p class="verdict">${text}</p>${coverage(used, freq)}`;
}

/** Whether the ranges held what they promise. */
function coverage(row: ScoreRow, freq: Report['forecast']['freq']): string {
  const levels = Object.keys(row.coverage)
    .map(Number)
    .filter((level) => Number.isFinite(row.coverage[level]!))
    .sort((a, b) => a - b);
  if (levels.length === 0) return '';
  const parts = levels.map(
    (level) => `<strong>${formatPercent(row.coverage[level]!)}</strong> fell inside the ${level}% range`,
  );
  // Above 1 in units of the slack: too wide; below −1: too narrow.
  const off = levels.map((level) => (row.coverage[level]! - level / 100) / slackOf(level / 100));
  const judged = off.every((d) => Math.abs(d) <= 1)
    ? 'The ranges can be taken at their word.'
    : off.some((d) => d < -1)
      ? 'The ranges were too narrow: expect surprises more often than they say.'
      : 'The ranges were wider than they need to be: they promise less than they hold.';
  return `<p>Of the ${horizonText(freq, 1)}s held back, ${parts.join(' and ')}. ${judged}</p>`;
}

/** A bar of a share of `most`; drawn, so that the page needs no style attributes. */
function bar(share: number, most: number, name: string): string {
  if (!Number.isFinite(share) || !(most > 0)) return '';
  const width = Math.round(Math.min(1, share / most) * 1000) / 10;
  return `<svg class="bar ${name}" width="100%" height="8" aria-hidden="true" focusable="false"><rect width="${width}%" height="8" rx="1"/></svg>`;
}

const finiteMost = (values: readonly number[]): number => Math.max(...values.filter(Number.isFinite), 0);
const ratio = (value: number): string => (Number.isFinite(value) ? formatFixed(value, 2) : NO_NUMBER);
const share = (value: number): string => formatPercent(value, 1);
const signed = (value: number): string =>
  `${value > 0 && !/^0\.0%$/.test(share(value)) ? '+' : ''}${share(value)}`;

function modelTable(scores: readonly ScoreRow[]): string {
  const rows = scores.filter((row) => row.segment === 'all');
  const key = (row: ScoreRow): number => (Number.isNaN(row.wape) ? Infinity : row.wape);
  rows.sort((a, b) => key(a) - key(b) || (a.model < b.model ? -1 : 1));
  const levels = levelsOf(rows);
  const most = finiteMost(rows.map((row) => row.wape));
  const body = rows.map((row) => {
    const { name, role } = modelTitle(row.model);
    const mark = row.model === 'auto' ? 'used' : row.model === 'seasonal-naive' ? 'naive' : '';
    const covered = levels.map((level) => `<td>${share(row.coverage[level] ?? Number.NaN)}</td>`).join('');
    return (
      `<tr${mark === '' ? '' : ` class="${mark}"`}><th scope="row">${escapeHtml(shorten(name, 60))}` +
      `${role === '' ? '' : ` <span class="role">${role}</span>`}</th><td class="main">${share(row.wape)}</td>` +
      `<td class="bars">${bar(row.wape, most, mark)}</td><td>${ratio(row.mase)}</td><td>${signed(row.skill)}</td>` +
      `<td>${share(row.win_rate)}</td><td>${signed(row.bias)}</td>${covered}</tr>`
    );
  });
  return (
    `<div class="keep"><h3>Every model that was tried</h3>` +
    `<div class="scroll" tabindex="0" role="region" aria-label="Scores by model"><table class="scores">` +
    `<caption class="unseen">Errors on held-back periods by model, the smallest first</caption><thead><tr>` +
    `<th scope="col">Model</th><th scope="col">Off by<br><small>WAPE</small></th><th scope="col" class="bars"><span class="unseen">Bar</span></th>` +
    `<th scope="col">Scaled error<br><small>MASE</small></th><th scope="col">Better than<br><small>the yardstick</small></th>` +
    `<th scope="col">Closer on<br><small>of series</small></th><th scope="col">Too high<br><small>bias</small></th>` +
    `${levels.map((level) => `<th scope="col">Inside<br><small>${level}% range</small></th>`).join('')}` +
    `</tr></thead><tbody>${body.join('')}</tbody></table></div></div>`
  );
}

function segmentTable(scores: readonly ScoreRow[]): string {
  const used = scores.filter((row) => row.model === 'auto' && row.segment !== 'all');
  if (used.length === 0) return '';
  used.sort((a, b) => b.series - a.series || (a.segment < b.segment ? -1 : 1));
  const shown = used.slice(0, MOST_SEGMENTS);
  const pairs = shown.map((row) => ({ row, naive: find(scores, 'seasonal-naive', row.segment) }));
  const levels = levelsOf(shown);
  const scale = scaleOf(pairs.flatMap(({ row, naive }) => [row.wape, naive?.wape ?? Number.NaN]));
  const body = pairs.map(({ row, naive }) => {
    const meaning = segmentMeaning(row.segment);
    const covered = levels.map((level) => `<td>${share(row.coverage[level] ?? Number.NaN)}</td>`).join('');
    return (
      `<tr><th scope="row">${escapeHtml(shorten(row.segment, 60))}${meaning === undefined ? '' : ` <span class="role">${meaning}</span>`}</th>` +
      `<td>${formatNumber(row.series)}</td><td class="main">${share(row.wape)}</td>` +
      `<td class="bars">${dumbbell(row.wape, naive?.wape ?? Number.NaN, scale)}</td>` +
      `<td>${share(naive?.wape ?? Number.NaN)}</td><td>${signed(row.skill)}</td><td>${share(row.win_rate)}</td>${covered}</tr>`
    );
  });
  const rest = used.length - shown.length;
  return (
    `<div class="keep"><h3>By kind of series</h3><div class="scroll" tabindex="0" role="region" aria-label="Scores by segment"><table class="scores">` +
    `<caption class="unseen">Errors on held-back periods by segment, beside the yardstick</caption><thead><tr>` +
    `<th scope="col">Segment</th><th scope="col">Series</th><th scope="col">Off by<br><small>WAPE</small></th>` +
    `<th scope="col" class="bars"><small><span class="key-used">●</span> forecast ○ yardstick</small></th><th scope="col">Yardstick<br><small>WAPE</small></th>` +
    `<th scope="col">Better than<br><small>the yardstick</small></th><th scope="col">Closer on<br><small>of series</small></th>` +
    `${levels.map((level) => `<th scope="col">Inside<br><small>${level}% range</small></th>`).join('')}` +
    `</tr></thead><tbody>${body.join('')}</tbody></table></div>` +
    `${rest > 0 ? `<p class="quiet">${plural(rest, 'smaller segment is', 'smaller segments are')} not shown.</p>` : ''}</div>`
  );
}

export function qualitySection(report: Report): Section {
  const { scores } = report;
  const scored = scores.some((row) => row.segment === 'all' && Number.isFinite(row.mae));
  return {
    id: 'quality',
    title: 'How good it is',
    html: scored
      ? `${verdict(report)}${modelTable(scores)}${segmentTable(scores)}`
      : '<p class="verdict">Nobody knows yet: the history is too short to hold a part back and try the forecast on it. Read the ranges as a guess.</p>',
  };
}
