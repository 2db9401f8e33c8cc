import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatNumber, formatPercent, formatRange } from '../../src/core/number-text.ts';
import { interval } from '../../src/forecast/forecast-table.ts';
import { sum } from '../../src/math/statistics.ts';
import { type Report, renderReport } from '../../src/report/report.ts';
import { SCRIPT, SCRIPT_HASH } from '../../src/report/script.ts';
import { STYLE } from '../../src/report/style.ts';
import { hindsight, summarise } from '../../src/report/totals.ts';
import { sampleReport, scoreRow } from './samples.ts';

const VOID = new Set(['meta', 'link', 'br', 'input', 'path', 'line', 'rect', 'circle']);

/** The problems of a document's tags: wrong nesting, repeated ids, references and links that lead nowhere. */
function problems(html: string): string[] {
  const found: string[] = [];
  const open: string[] = [];
  const markup = html.replace(/<(script|style)>[\s\S]*?<\/\1>/g, '<$1></$1>');
  for (const [tag, slash, name] of markup.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/gi)) {
    if (slash === '/') {
      const last = open.pop();
      if (last !== name) found.push(`</${name}> closes <${last}>`);
    } else if (!tag.endsWith('/>') && !VOID.has(name!)) open.push(name!);
  }
  if (open.length > 0) found.push(`open at the end: ${open.join(' ')}`);
  const ids = [...markup.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id!);
  if (new Set(ids).size < ids.length) found.push('an id is repeated');
  const wanted = [...markup.matchAll(/\s(?:aria-labelledby|aria-describedby|for)="([^"]*)"/g)]
    .flatMap(([, list]) => list!.split(' '))
    .concat([...markup.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id!));
  for (const id of wanted) if (!ids.includes(id)) found.push(`nothing has the id ${id}`);
  return found;
}

/** What a reader sees, without markup. */
const textOf = (html: string): string =>
  html
    .replace(/<(script|style|title|desc)[^>]*>[\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .replace(/ ([.,:;])/g, '$1');

/** Fails with the words that are missing (or should be) instead of the whole page. */
const says = (text: string, words: string, wanted = true): void =>
  expect(text.includes(words), `${wanted ? 'missing' : 'not wanted'}: ${words}`).toBe(wanted);
const lacks = (text: string, pattern: RegExp): void => expect(pattern.exec(text)?.[0]).toBeUndefined();

/** The section with an id, as far as the next one. */
const section = (html: string, id: string): string =>
  html.split(`<section id="${id}"`)[1]?.split('</section>')[0] ?? '';

describe('report', () => {
  let report: Report;
  let html: string;
  beforeAll(() => {
    report = sampleReport({});
    html = renderReport(report);
  });

  it.each<[string, Parameters<typeof sampleReport>[0]]>([
    ['weekly', {}],
    ['one series', { series: 1 }],
    ['closed Sundays', { series: 6, closedWeekdays: [6], missing: 0.05 }],
    ['intermittent', { series: 8, intermittent: true }],
    ['negative', { series: 3, negative: true }],
    ['monthly with one level', { series: 5, freq: 'MS', periods: 80, h: 12, level: [90] }],
    ['one step, no interval', { series: 3, freq: '1', periods: 50, h: 1, level: [] }],
    ['one observation', { series: 2, periods: 1, h: 400 }],
    ['no series', { ids: [] }],
  ])('is well-formed and shows no NaN: %s', (_, options) => {
    const page = renderReport(sampleReport(options));
    expect(problems(page)).toEqual([]);
    lacks(page.replace(/<script>[\s\S]*<\/script>/, ''), /NaN|Infinity|undefined|\[object/);
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
  });

  it('gives the same bytes for the same report', () => {
    expect(renderReport(sampleReport({}))).toBe(html);
  });

  it('asks for nothing from anywhere', () => {
    lacks(html, /(?:src|href)="(?!#|data:,)/);
    lacks(html, /https?:|@import|url\(|srcset|<iframe|<object|<embed/i);
    says(html, `default-src 'none'`);
  });

  it('lets its own script run and no other', () => {
    expect(SCRIPT_HASH).toBe(`sha256-${createHash('sha256').update(SCRIPT).digest('base64')}`);
    says(html, `<script>${SCRIPT}</script>`);
    says(html, `script-src '${SCRIPT_HASH}'`);
    lacks(html, /<[^>]+\son[a-z]+=/i);
    // The policy covers style elements; nothing may rely on style attributes.
    lacks(html, /<[^>]+\sstyle=/i);
  });

  it('has one first heading, sections with headings, and captions on its tables', () => {
    expect(html.match(/<h1/g)).toHaveLength(1);
    for (const id of ['quality', 'series', 'details', 'data', 'reading', 'about']) {
      says(html, `<section id="${id}" aria-labelledby="${id}-title"><h2`);
    }
    const tables = html.match(/<table/g)!.length;
    const figures = html.match(/<table class="figures"/g)!.length;
    expect(html.match(/<caption/g)!.length).toBe(tables - figures);
    for (const [chart] of html.matchAll(/<svg class="chart"[^>]*>/g)) expect(chart).toContain('role="img"');
  });

  it('states the figures it was given', () => {
    const { total, expected, order, before } = summarise(report);
    const text = textOf(html);
    says(text, `${formatNumber(sum(total!.mean))} units expected from 40 series`);
    says(text, 'Next 28 days · 15 Jun – 12 Jul 2026');
    says(text, `against the last 28 days (${formatNumber(total!.before)})`);
    says(text, `against the same weekdays a year earlier (${formatNumber(total!.yearBefore)})`);
    says(text, 'off by 18% of what was observed. Repeating last week would have been off by 26%');
    says(text, '81% fell inside the 80% range and 95% fell inside the 95% range');
    says(text, '1,204 cells of 87 series: days without a row taken as no sale (zero)');
    says(text, 'no such change', false);

    const rows = section(html, 'series').split('<tbody>')[1]!.split('<tr>').slice(1).map(textOf);
    expect(rows).toHaveLength(40);
    const { lo, hi } = report.totals;
    order.forEach((i, place) => {
      says(rows[place]!, report.panel.ids[i]!);
      says(rows[place]!, ` ${formatNumber(expected[i]!)} `);
      says(rows[place]!, formatRange(lo[i]!, hi[i]!));
      says(rows[place]!, report.segments[i]!);
      if (!(before[i]! > 0)) says(rows[place]!, '–');
    });

    const { h } = report.forecast;
    const daily = interval(report.forecast, 80);
    const largest = order[0]!;
    const card = textOf(html.split(`id="series-${largest}"`)[1]!.split('</article>')[0]!);
    const tried = hindsight(report, [largest])!;
    says(card, `said ${formatNumber(tried.forecast)}, observed ${formatNumber(tried.observed)}`);
    says(card, `off by ${formatPercent(tried.wape)}, day by day`);
    says(card, `15 Jun 2026 ${formatNumber(report.forecast.mean[largest * h]!)} `);
    says(card, formatRange(daily.lo[largest * h]!, daily.hi[largest * h]!));
  });

  it('says which series end elsewhere and leaves them out of the total', () => {
    const sample = sampleReport({ series: 6 });
    const start = sample.forecast.start.slice();
    const panel = { ...sample.panel, start: sample.panel.start.slice() };
    start[2]! -= 30;
    panel.start[2]! -= 30;
    const page = renderReport({ ...sample, panel, forecast: { ...sample.forecast, start } });
    expect(problems(page)).toEqual([]);
    says(textOf(page), 'units expected from 5 of 6 series');
    says(textOf(page), '1 series that ends in another period is left out of this chart');
    expect(textOf(section(page, 'series')).match(/ends \d+ \w+ \d+/g)).toEqual(['ends 15 May 2026']);
  });

  it('has no total where every series ends elsewhere', () => {
    const sample = sampleReport({ series: 4, freq: '1', periods: 40, h: 6 });
    const start = sample.forecast.start.map((first, i) => first - 7 * i);
    const panel = { ...sample.panel, start: sample.panel.start.map((first, i) => first - 7 * i) };
    const page = renderReport({ ...sample, panel, forecast: { ...sample.forecast, start } });
    expect(problems(page)).toEqual([]);
    says(textOf(page), 'The 6 steps after the end of each series');
    says(page, 'class="plot hero"', false);
  });

  it('says so when the forecast is no better than the yardstick', () => {
    const scores = (wape: number) => [scoreRow('auto', 'all', wape), scoreRow('seasonal-naive', 'all', 0.26)];
    const verdict = (wape: number): string =>
      textOf(section(renderReport({ ...report, scores: scores(wape) }), 'quality'));
    says(
      verdict(0.3),
      'would have been closer, off by 26%: on these data the forecast did not earn its keep',
    );
    says(verdict(0.26), 'would have done as well, off by 26%');
    says(verdict(0.13), 'the forecast makes 50% less error');
  });

  it('judges its own intervals', () => {
    const text = (eighty: number): string =>
      textOf(
        section(
          renderReport({ ...report, scores: [scoreRow('auto', 'all', 0.2, { coverage: { 80: eighty } })] }),
          'quality',
        ),
      );
    says(text(0.6), '60% fell inside the 80% range. The ranges were too narrow');
    says(text(0.95), 'wider than they need to be');
    says(text(0.76), 'can be taken at their word');
    says(text(0.78), 'can be taken at their word');
  });

  it('admits that nothing is known where nothing was scored', () => {
    const { backtest: _, ...rest } = report;
    const page = renderReport({ ...rest, scores: [] });
    expect(problems(page)).toEqual([]);
    says(textOf(page), 'Nobody knows yet');
    says(page, 'class="backtest', false);
    says(page, 'class="key-backtest', false);
  });

  it('draws how networks learned, where there are any', () => {
    const curve = [1, 0.6, 0.5].map((loss, k) => ({ step: 10 * (k + 1), loss }));
    const told = renderReport({
      ...sampleReport(),
      learning: [
        { name: 'lstm<b>', curves: [curve, curve] },
        { name: 'untold', curves: [curve.slice(0, 1)] },
      ],
    });
    expect(told).toContain(
      '<bdi>lstm&lt;b&gt;</bdi></strong>: loss 1 at first, 0.5 in the end, mean of 2 networks',
    );
    expect(
      told.match(/<path class="forecast line" d="M333.3 [\d.]+L666.7 [\d.]+L1000 [\d.]+"\/>/g),
    ).toHaveLength(2);
    expect(told).not.toContain('untold');
    expect(renderReport(sampleReport())).not.toContain('How networks learned');
  });

  it('escapes everything that comes from data', () => {
    const evil = `"><script>alert(1)</script><img src=x onerror='alert(2)'>&amp;`;
    const names = [
      evil,
      'Ünïcode 茶碗 🫖 שלום',
      `\u0000\u001b[31m\ud800${'x'.repeat(500)}`,
      '',
      `${evil.repeat(20)}`,
    ];
    const sample = sampleReport({ ids: names, periods: 120, h: 7, target: evil });
    const page = renderReport({
      ...sample,
      title: evil,
      forecast: { ...sample.forecast, model: names.map(() => evil), fallback: names.map(() => evil) },
      scores: [scoreRow('auto', 'all', 0.2), scoreRow(evil, 'all', 0.3), scoreRow('auto', evil, 0.2)],
      changes: [{ what: evil, cells: 1, series: 1 }],
      notes: [evil],
      selection: [{ segment: evil, series: 1, blend: evil }],
      segments: names.map(() => evil),
      about: [{ label: evil, value: evil }],
    });
    expect(problems(page)).toEqual([]);
    expect(page.match(/<script/g)).toHaveLength(1);
    lacks(page.replace(/"[^"]*"/g, '""'), /<img|<[^>]+\sonerror/i);
    lacks(page, /[\u0000\u001b]|\p{Surrogate}/u);
    says(page, 'Ünïcode 茶碗 🫖 שלום');
    says(page, '(no name)');
  });

  it('stays under 3 MB with 30,000 series of long names, and says what it leaves out', () => {
    const ids = Array.from({ length: 30_000 }, (_, i) => `<product> & "name" ${'é'.repeat(80)} ${i}`);
    const sample = sampleReport({ ids, periods: 60, h: 56 });
    const page = renderReport(sample, { details: 24, rows: 30_000 });
    expect(Buffer.byteLength(page)).toBeLessThan(3_000_000);
    expect(problems(page)).toEqual([]);
    const shown = section(page, 'series').split('<tr>').length - 2;
    expect(shown).toBeGreaterThan(500);
    says(textOf(page), `${formatNumber(shown)} largest series of 30,000 series, `);
    says(textOf(page), `${formatNumber(30_000 - shown)} smaller ones are not shown here.`);
  });

  it('keeps its text readable: contrast of at least 4.5 on light and dark', () => {
    const channel = (hex: string): number => {
      const c = Number.parseInt(hex, 16) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    };
    const luminance = (hex: string): number =>
      0.2126 * channel(hex.slice(1, 3)) +
      0.7152 * channel(hex.slice(3, 5)) +
      0.0722 * channel(hex.slice(5, 7));
    const palettes = [...STYLE.matchAll(/--paper: [\s\S]*?--bar: #[0-9a-f]{6};/g)].map(([text]) =>
      Object.fromEntries(
        [...text.matchAll(/--([a-z-]+): (#[0-9a-f]{6})/g)].map(([, name, value]) => [name, value!]),
      ),
    );
    expect(palettes.length).toBe(3);
    for (const palette of palettes) {
      const paper = luminance(palette.paper!);
      for (const name of ['ink', 'soft', 'accent', 'other']) {
        const [dark, bright] = [paper, luminance(palette[name]!)].sort((a, b) => a - b) as [number, number];
        expect((bright + 0.05) / (dark + 0.05)).toBeGreaterThan(4.5);
      }
    }
  });

  it('refuses an option it does not know', () => {
    expect(() => renderReport(report, { row: 3 } as object)).toThrow(
      'the report has no option "row". Did you mean "rows"?',
    );
  });
});
