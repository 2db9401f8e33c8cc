import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FanChartOptions, fanChart } from '../../../src/cli/views/chart.ts';
import { displayWidth } from '../../../src/cli/views/table.ts';
import { frequency, ordinal } from '../../../src/core/frequency.ts';

const freq = frequency('D');
const historyStart = ordinal(freq, Date.UTC(2026, 5, 1));
const GAP = Number.NaN;
const base = { historyStart, freq, width: 40, height: 10 };

const around = (mean: readonly number[], level: number, by: number) => ({
  level,
  lo: mean.map((m) => m - by),
  hi: mean.map((m) => m + by),
});

describe('terminal fan chart', () => {
  const week = [4, 6, 8, 9, 7, 3, 1];
  const options: FanChartOptions = {
    ...base,
    history: [...week, ...week, ...week, ...week],
    mean: week,
    bands: [around(week, 80, 1), around(week, 95, 2)],
    title: 'Mug',
  };

  it('looks like this', () => {
    expect(fanChart(options)).toMatchInlineSnapshot(`
      "Mug
      10 ┤                               ░▒
         │ ⢀⠔⠱⡀    ⡠⠊⢆    ⡠⠒⠱⡀   ⢀⠔⠱⡀   ▒⡠⠊⢆
         │⢀⠎  ⢣   ⡰⠁ ⠘⡄  ⡰⠁  ⢣  ⢀⠎  ⢣  ▒⡔⠁░⠘⡄
         │⠊   ⠈⢆ ⡰⠁   ⠱⡀⡰⠁   ⠈⢆⢀⠎   ⠈⢆ ⠊░   ⠱⡀
         │      ⠳⠁     ⠱⠁     ⠈⠎     ⠈⠆░    ▒⠱
       0 ┤                                   ▒
         └───────┬──────────────┬─────────────
            8 Jun 2026       22 Jun
          ⠒ history  ⠒ forecast  ▒ 80%  ░ 95%"
    `);
  });

  it('looks like this in ASCII', () => {
    const text = fanChart({ ...options, ascii: true });
    expect(text).toMatch(/^[\n -~]*$/);
    expect(text).toMatchInlineSnapshot(`
      "Mug
         |                                .
      10 +  **     **     ***     **    .oo:
         | *  *   *  *   *   *   *  *  :o:.o.
         |*    * *    * *     * *    * o.   o.
       0 +      *      *       *      *     :o
         |                                   .
         +-------+--------------+-------------
            8 Jun 2026       22 Jun
          * history  o forecast  : 80%  . 95%"
    `);
  });

  it('colours only where told, without changing the text', () => {
    const plain = fanChart(options);
    const coloured = fanChart({ ...options, color: true });
    expect(coloured.replace(/\u001b\[\d+m/g, '').replace(/ +$/gm, '')).toBe(plain.replace(/ +$/gm, ''));
    expect(coloured).not.toBe(plain);
    expect(plain).not.toContain('\u001b');
  });

  it('draws gaps as gaps', () => {
    const level = [5, 5, 5, 5, 5, 5, 5, 5, 5];
    const stretches = (history: number[]): number => {
      const rows = fanChart({ ...base, history, ascii: true }).split('\n');
      return rows.find((row) => row.includes('**'))!.match(/\*+/g)!.length;
    };
    expect(stretches(level)).toBe(1);
    expect(stretches(level.map((value, k) => (k === 4 ? GAP : value)))).toBe(2);
  });

  it.each<[string, Partial<FanChartOptions> & { history: number[] }]>([
    ['all zeros', { history: [0, 0, 0], mean: [0] }],
    ['constant', { history: [4, 4, 4], mean: [4, 4] }],
    ['negative', { history: [-4, -5, -3], mean: [-4], bands: [around([-4], 80, 1)] }],
    ['one point', { history: [4] }],
    ['one point ahead', { history: [], mean: [4], bands: [around([4], 80, 1)] }],
    ['nothing observed', { history: [GAP, GAP, GAP] }],
    ['no values', { history: [] }],
    ['unknown intervals', { history: [1, 2], mean: [2, 2], bands: [around([GAP, GAP], 80, 1)] }],
    ['huge', { history: [1e300, 5e299], mean: [1e300] }],
    ['a title that is too long', { history: [1, 2], title: '茶'.repeat(50) }],
  ])('stands %s', (_, more) => {
    for (const ascii of [false, true]) {
      const text = fanChart({ ...base, ...more, ascii });
      expect(text).not.toMatch(/NaN|Infinity|undefined/);
      for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(40);
    }
  });

  it('keeps to its width and height for any series', () => {
    const value = fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(GAP));
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 300 }),
        fc.array(value, { maxLength: 60 }),
        fc.integer({ min: 24, max: 120 }),
        fc.integer({ min: 6, max: 40 }),
        (history, mean, width, height) => {
          const bands = [around(mean, 80, 10)];
          const lines = fanChart({ ...base, history, mean, bands, width, height }).split('\n');
          expect(lines.length).toBeLessThanOrEqual(height);
          for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });

  it('lets no control character of a title through', () => {
    expect(fanChart({ ...options, title: 'evil\u001b[2J' }).split('\n')[0]).toBe('evil·[2J');
  });

  it('refuses what it cannot draw', () => {
    expect(() => fanChart({ ...options, width: 10 })).toThrow('it needs at least 24 × 6');
    expect(() => fanChart({ ...options, hight: 3 } as FanChartOptions)).toThrow('Did you mean "height"?');
  });
});
