// The page around the sections: one HTML document that needs nothing from anywhere.
import { escapeHtml, nameHtml, shorten } from './html.ts';
import type { Report } from './report.ts';
import { SCRIPT, SCRIPT_HASH } from './script.ts';
import { STYLE } from './style.ts';

export interface Section {
  /** Unique on the page; links point to it. */
  readonly id: string;
  /** Undefined for the headline, which stands under the page's own title. */
  readonly title: string | undefined;
  /** Trusted HTML: whatever comes from data is already escaped. */
  readonly html: string;
}

/**
 * Forbids everything but the page's own style and its one script, known by its hash: should text from the data
 * ever get out of its place, no browser would run or load it.
 */
const POLICY = `default-src 'none'; style-src 'unsafe-inline'; script-src '${SCRIPT_HASH}'; img-src data:; base-uri 'none'; form-action 'none'`;

export function page(report: Report, sections: readonly Section[]): string {
  const title = escapeHtml(shorten(report.title, 160));
  const links = sections
    .filter((section) => section.title !== undefined)
    .map(({ id, title: text }) => `<li><a href="#${id}">${text}</a></li>`);
  const body = sections.map(({ id, title: text, html }) =>
    text === undefined
      ? `<section id="${id}">${html}</section>`
      : `<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${text}</h2>${html}</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta name="generator" content="Bellwether">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<header><p class="brand">Bellwether · sales forecast</p><h1>${nameHtml(report.title, 160)}</h1>
<nav aria-label="Contents"><ul>${links.join('')}</ul></nav></header>
<main>
${body.join('\n')}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}
