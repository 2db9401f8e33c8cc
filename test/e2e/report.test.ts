import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { weeklySeries } from '../panels.ts';

const CHROMIUM = '/usr/bin/chromium';
const missing = !existsSync(CHROMIUM) && process.env.CI !== 'true';
if (missing) process.stdout.write('skip: the report in a browser needs Chromium at /usr/bin/chromium\n');
const FLAGS =
  '--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync';

describe.runIf(!missing)('the report in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-report-'));
  const page = pathToFileURL(join(folder, 'report.html')).href;
  let browser: Browser;

  beforeAll(async () => {
    const rows = Object.entries(weeklySeries(20, 120)).flatMap(([id, y]) =>
      [...y].map(
        (v, t) => `${id},${new Date(Date.UTC(2026, 0, 1 + t)).toISOString().slice(0, 10)},${v.toFixed(1)}`,
      ),
    );
    writeFileSync(join(folder, 'sales.csv'), `sku,date,units\n${rows.join('\n')}\n`);
    const argv = [
      '-H',
      '14',
      '--no-save',
      '-q',
      '--threads',
      '1',
      '-o',
      join(folder, 'f.csv'),
      '--report',
      join(folder, 'report.html'),
    ];
    expect(await main(['forecast', join(folder, 'sales.csv'), ...argv])).toBe(0);
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS.split(' ') });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('loads nothing, complains of nothing and fits a phone', async () => {
    const tab = await browser.newPage({ viewport: { width: 390, height: 800 } });
    const wrong: string[] = [];
    tab.on('console', (message) => wrong.push(message.text()));
    tab.on('pageerror', (error) => wrong.push(error.message));
    tab.on('request', (request) => {
      if (request.url() !== page) wrong.push(request.url());
    });
    await tab.goto(page);
    expect(wrong).toEqual([]);
    const [inner, full] = await tab.evaluate<[number, number]>(
      '[innerWidth, document.documentElement.scrollWidth]',
    );
    expect(full).toBeLessThanOrEqual(inner);
    await tab.close();
  });

  it('follows the light or dark setting', async () => {
    const background = async (colorScheme: 'light' | 'dark'): Promise<string> => {
      const tab = await browser.newPage({ colorScheme });
      await tab.goto(page);
      const colour = await tab.evaluate<string>(
        'getComputedStyle(document.body).backgroundColor + getComputedStyle(document.documentElement).backgroundColor',
      );
      await tab.close();
      return colour;
    };
    expect(await background('light')).not.toBe(await background('dark'));
  });
});
