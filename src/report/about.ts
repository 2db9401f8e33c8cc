// Where the report comes from: version, seed, run, command, data.
import { escapeHtml, shorten } from './html.ts';
import type { Section } from './page.ts';
import type { Report } from './report.ts';

export function aboutSection(report: Report): Section | undefined {
  if (report.about.length === 0) return undefined;
  const facts = report.about.map(
    ({ label, value }) =>
      `<div><dt>${escapeHtml(shorten(label, 60))}</dt><dd>${escapeHtml(shorten(value, 400))}</dd></div>`,
  );
  return {
    id: 'about',
    title: 'About this report',
    html: `<dl class="about">${facts.join('')}</dl>`,
  };
}
