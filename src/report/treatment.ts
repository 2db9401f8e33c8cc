// What was done to the data before forecasting, and which models were chosen.

import { formatNumber, plural } from '../core/number-text.ts';
import { escapeHtml, shorten } from './html.ts';
import { learningHtml } from './learning.ts';
import type { Section } from './page.ts';
import type { Report } from './report.ts';

const MOST_LINES = 60;

/** List items, cut to the first ones with the count of the rest. */
function items(lines: readonly string[], name: string): string {
  const rest = lines.length - MOST_LINES;
  const shown = lines.slice(0, MOST_LINES).map((line) => `<li>${line}</li>`);
  return `<ul class="${name}">${shown.join('')}${rest > 0 ? `<li class="quiet">and ${plural(rest, 'more')}</li>` : ''}</ul>`;
}

/** Why series were served by a fallback, the most frequent reason first. */
function fallbacks(report: Report): string {
  const counts = new Map<string, number>();
  let count = 0;
  for (const reason of report.forecast.fallback) {
    if (reason === undefined) continue;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
    count++;
  }
  if (count === 0) return '';
  const reasons = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const lines = reasons
    .slice(0, 6)
    .map(
      ([reason, n]) =>
        `<strong>${plural(n, 'series', 'series')}</strong>: ${escapeHtml(shorten(reason, 300))}`,
    );
  const rest = reasons.length - lines.length;
  return (
    `<h3>Fallbacks</h3><p>${plural(count, 'series was', 'series were')} served by a simpler model than the one chosen:</p>` +
    `${items(lines, 'plain')}${rest > 0 ? `<p class="quiet">and ${plural(rest, 'more reason')}</p>` : ''}`
  );
}

export function treatmentSection(report: Report): Section {
  const changes = report.changes
    .filter(({ cells }) => cells > 0)
    .map(
      ({ what, cells, series }) =>
        `<strong>${plural(cells, 'cell')}</strong> of ${plural(series, 'series', 'series')}: ${escapeHtml(shorten(what, 300))}`,
    );
  const notes = report.notes.map((note) => escapeHtml(shorten(note, 600)));
  const chosen = report.selection
    .slice(0, MOST_LINES)
    .map(
      ({ segment, series, blend }) =>
        `<tr><th scope="row">${escapeHtml(shorten(segment, 60))}</th><td>${formatNumber(series)}</td>` +
        `<td class="text">${escapeHtml(shorten(blend, 300))}</td></tr>`,
    );
  const table =
    chosen.length === 0
      ? ''
      : `<h3>What was chosen</h3><p>On earlier stretches than the one reported above, so that the report stays a fair test.</p>` +
        `<div class="scroll" tabindex="0" role="region" aria-label="What was chosen"><table class="chosen"><caption class="unseen">Models chosen by segment</caption>` +
        `<thead><tr><th scope="col">Segment</th><th scope="col">Series</th><th scope="col" class="text">Model</th></tr></thead><tbody>${chosen.join('')}</tbody></table></div>`;
  return {
    id: 'data',
    title: 'What was done',
    html:
      `<div class="columns"><div><h3>To the data</h3>` +
      `${changes.length > 0 ? items(changes, 'plain') : '<p>Nothing: the data were used as they are.</p>'}</div>` +
      `${notes.length > 0 ? `<div><h3>What was assumed</h3>${items(notes, 'plain')}</div>` : ''}</div>` +
      `${table}${learningHtml(report.learning ?? [])}${fallbacks(report)}`,
  };
}
