import { describe, expect, it } from 'vitest';
import { prepare } from '../../src/prepare/prepare.ts';
import { profile } from '../../src/prepare/profile.ts';
import { dates, type Row, rows, series } from './rows.ts';

const days = dates('2024-01-01', 200);
const weekly = (k: number): number => 20 + (k % 7 > 4 ? 15 : 0) + ((k * 7) % 5);

const shop: Row[] = [
  ...series('steady', days, weekly),
  ...series('dead', days.slice(0, 120), (k) => 2 + (k % 3)),
  ...series('new', days.slice(-20), () => 3).map((row, k) => [row[0], row[1], 3 + (k % 2)] as const),
  ...series('slow', days, (k) => (k % 6 === 1 ? 1 + (k % 2) : 0)),
  ...series('short', days.slice(-10), (k) => 1 + k),
  ...series('nothing', days, () => 0),
  ...series('flat', days, () => 4),
  ...series('returns', days, (k) => (k % 50 === 9 ? -2 : 6)),
];

describe('the profile', () => {
  const found = profile(prepare(rows(shop), { gaps: 'zero' }));
  const group = (name: 'dead' | 'fresh' | 'short' | 'allZero' | 'constant' | 'withNegatives') =>
    found[name].examples;

  it('counts series, cells and values', () => {
    expect(found.series).toBe(8);
    expect([found.first, found.last]).toEqual(['2024-01-01', '2024-07-18']);
    // Slow starts a day late, at its first sale; the rest is whole.
    expect(found.cells).toBe(6 * 200 - 1 + 20 + 10);
    expect(found.observed + found.missing + found.stockOut + found.closed).toBe(found.cells);
    expect(found.zeros).toBe(80 + 199 - 34 + 200);
    expect(found.negatives).toBe(4);
    expect(found.total).toBe(shop.reduce((sum, [, , y]) => sum + (y ?? 0), 0));
    expect(found.lengths).toEqual({ min: 10, median: 200, max: 200 });
  });

  it('finds dead, new, short, empty and constant series', () => {
    expect(group('dead')).toEqual(['dead']);
    expect(group('fresh')).toEqual(['new', 'short']);
    expect(group('short')).toEqual(['short']);
    expect(group('allZero')).toEqual(['nothing']);
    expect(group('constant')).toEqual(['flat']);
    expect(group('withNegatives')).toEqual(['returns']);
  });

  it('does not take a slow product in its usual pause for dead', () => {
    const quiet = (last: number) =>
      profile(
        prepare(
          rows([
            ...series('A', days, () => 1),
            ...series('B', days, (k) => (k % 40 === 0 && k <= last ? 1 : 0)),
          ]),
        ),
      ).dead.count;
    expect(quiet(160)).toBe(0);
    expect(quiet(80)).toBe(1);
  });

  it('measures kinds of demand, season and concentration', () => {
    expect(Object.values(found.classes).reduce((a, b) => a + b)).toBe(8);
    expect(found.classes.intermittent).toBe(3);
    const [week] = found.seasonality;
    expect(week).toMatchObject({ season_length: 7 });
    expect(week!.measured).toBeLessThanOrEqual(8);
    const alone = profile(prepare(rows(series('steady', days, weekly)))).seasonality[0]!;
    expect(alone.mean).toBeGreaterThan(0.9);
    expect(alone.strong).toBe(1);
    expect(found.largest[0]!.unique_id).toBe('steady');
    expect(found.topFifth).toBeGreaterThan(0.5);
  });

  it('says what will go wrong, each with a cure', () => {
    const texts = found.warnings.map((w) => w.what).join('\n');
    for (const part of ['"short") have fewer than two seasons', 'never sold', 'stopped selling', 'are new']) {
      expect(texts).toContain(part);
    }
    for (const { what, cure } of found.warnings) expect(`${what} ${cure}`).toMatch(/^\S.*\. \S.*\.$/);
    const missing = profile(
      prepare(
        rows(
          series(
            'A',
            days.filter((_, k) => k % 3 > 0 || k < 9),
            weekly,
          ),
        ),
        { freq: 'D' },
      ),
    );
    expect(missing.warnings[0]!.what).toMatch(/^\d\d% of all cells are missing/);
    expect(profile(prepare(rows(series('A', days, weekly)))).warnings).toEqual([]);
  });

  it('warns of a known-future column whose future is not given', () => {
    const priced = (ahead: number): Row[] =>
      days.map((ds, k) => ['A', ds, k < 200 - ahead ? weekly(k) : null, { price: 1 + (k % 9) }] as const);
    const warned = (ahead: number) => profile(prepare(rows(priced(ahead), { known: ['price'] }))).warnings;
    expect(warned(0)[0]!.what).toBe('The future of known-future columns is not given: "price" (1 series).');
    expect(warned(7)).toEqual([]);
  });

  it('is plain data', () => {
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  });
});
