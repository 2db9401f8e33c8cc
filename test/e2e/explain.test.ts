import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';

const folder = mkdtempSync(join(tmpdir(), 'bellwether-explain-'));
const store = join(folder, 'store');
let out = '';
let talk = '';

const day = (t: number): string => new Date(Date.UTC(2026, 0, 1 + t)).toISOString().slice(0, 10);
/** From day 60 on the cup sells ten more. */
function sales(days: number): string {
  const path = join(folder, `sales-${days}.csv`);
  const lines = ['cup', 'pot'].flatMap((sku) =>
    Array.from(
      { length: days },
      (_, t) => `${day(t)},${sku},${20 + (t % 7) + (sku === 'cup' && t >= 60 ? 10 : 0)}`,
    ),
  );
  writeFileSync(path, `date,sku,units\n${lines.join('\n')}\n`);
  return path;
}

const explain = (...words: string[]): Promise<number> => main(['explain', ...words, '--store', store]);

beforeAll(async () => {
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    talk += String(text);
    return true;
  });
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-02T06:00:00Z') });
  for (const days of [60, 70]) {
    const args = ['forecast', sales(days), '-H', '14', '--models', 'ses', '--threads', '1', '--store', store];
    expect(await main(args)).toBe(0);
    vi.setSystemTime(Date.now() + 86_400_000);
  }
  vi.useRealTimers();
});
beforeEach(() => {
  [out, talk] = ['', ''];
});
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

describe('explain', () => {
  it('tells in one paragraph what is expected and what changed', async () => {
    expect(await explain('latest', 'cup')).toBe(0);
    expect(out.trim().split('\n')).toHaveLength(1);
    expect(out).toMatch(/^cup: \d+ units expected in 14 days \(2026-03-12 to 2026-03-25\), \+/);
    expect(out).toMatch(
      /For 2026-03-12 to 2026-03-15 \(4 days\) run 20260302-\S+ had said [\d.]+; it is [\d.]+ now/,
    );
    expect(out).toMatch(/Since then 10 days were seen: 3\d\d where 2\d\d had been expected/);
    expect(out).toMatch(/Made by ses\.\n$/);
  });

  it('adds all series up, and adds up', async () => {
    expect(await explain('latest', '--json')).toBe(0);
    const { series, mean, parts, change, text } = JSON.parse(out);
    expect(series).toBe(2);
    for (const [s, value] of mean.entries()) {
      const total = Object.values<number[]>(parts).reduce((sum, part) => sum + part[s]!, 0);
      expect(total).toBeCloseTo(value, 9);
    }
    const moved = Object.values<number>(change.parts).reduce((sum, part) => sum + part, 0);
    expect(moved).toBeCloseTo(change.now - change.before, 9);
    expect(text).toMatch(/^All 2 series together: /);
  });

  it('compares with the run that is named, or with none', async () => {
    expect(await explain('20260302', 'pot', '--no-since')).toBe(0);
    expect(out).not.toContain('had said');
    expect(await explain('latest', 'pot', '--since', '20260302')).toBe(0);
    expect(out).toMatch(/[Rr]un 20260302-\S+ (had said|said the same)/);
  });

  it('says which series there is instead', async () => {
    expect(await explain('latest', 'cap')).toBe(2);
    expect(talk).toMatch(/^error: run \S+ has no series "cap"\. Did you mean "cup"\?/);
  });

  it('says which models cannot tell', async () => {
    const args = [
      '--models',
      'deepar(steps=2,networks=1,width=4,paths=4)',
      '--threads',
      '1',
      '--windows',
      '1',
    ];
    expect(await main(['forecast', sales(70), '-H', '14', ...args, '--store', store])).toBe(0);
    [out, talk] = ['', ''];
    expect(await explain('latest', '--no-since')).toBe(0);
    expect(talk).toContain('deepar cannot tell what its forecasts are made of: its share is told as level.');
    expect(out).toMatch(/level/);
  });
});
