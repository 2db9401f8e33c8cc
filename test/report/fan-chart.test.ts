import { describe, expect, it } from 'vitest';
import { frequency, ordinal } from '../../src/core/frequency.ts';
import { CellState } from '../../src/core/panel.ts';
import { type FanChart, fanChart } from '../../src/report/fan-chart.ts';
import { averages, sparkline } from '../../src/report/sparkline.ts';

const freq = frequency('D');
/** 2026-06-01, a Monday. */
const start = ordinal(freq, Date.UTC(2026, 5, 1));
const GAP = Number.NaN;

function chart(history: number[], mean: number[], more: Partial<FanChart> = {}): string {
  return fanChart({
    id: 'x',
    title: 'Title',
    description: 'Description',
    freq,
    start,
    history,
    forecast: {
      start: start + history.length,
      mean,
      bands: [
        { level: 95, lo: mean.map((m) => m - 2), hi: mean.map((m) => m + 2) },
        { level: 80, lo: mean.map((m) => m - 1), hi: mean.map((m) => m + 1) },
      ],
    },
    height: 100,
    ticks: [4, 4],
    ...more,
  });
}

/** The path data of a class. */
const path = (svg: string, name: string): string =>
  new RegExp(`class="${name}" d="([^"]*)"`).exec(svg)?.[1] ?? '';
const moves = (d: string): number => (d.match(/M/g) ?? []).length;
const points = (d: string): number[][] =>
  [...d.matchAll(/[ML]([-\d.]+) ([-\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

describe('fan chart', () => {
  it('draws every value where it belongs', () => {
    const d = path(
      chart([0, 10, 20], [20], { forecast: { start: start + 3, mean: [20], bands: [] } }),
      'history line',
    );
    const [a, b, c] = points(d) as [number[], number[], number[]];
    // From 0 to 20 with 4 % of air above: 100 px high, 20 is at 100 · (1 − 20 / 20.8).
    expect([a[1], b[1], c[1]]).toEqual([100, 51.9, 3.8]);
    expect(b[0]! - a[0]!).toBeCloseTo(c[0]! - b[0]!, 0);
  });

  it('breaks lines at missing cells and bridges closed ones', () => {
    const y = [5, 6, GAP, 5, 6];
    expect(moves(path(chart(y, [5]), 'history line'))).toBe(2);
    const state = [0, 0, CellState.closed, 0, 0];
    expect(moves(path(chart(y, [5], { state }), 'history line'))).toBe(1);
    expect(path(chart([GAP, 6, GAP], [5, 5]), 'history line')).toMatch(/^M[\d.]+ [\d.]+h0$/);
  });

  it('leaves closed weekdays out of the forecast', () => {
    const mean = [5, 6, 7, 0, 5, 6];
    const open = chart([5, 6, 7, 8], mean, { closedWeekdays: [] });
    const shut = chart([5, 6, 7, 8], mean, { closedWeekdays: [0] });
    expect(points(path(open, 'forecast line'))).toHaveLength(6);
    expect(points(path(shut, 'forecast line'))).toHaveLength(5);
    // Forecasting 5 June 2026 (a Friday) to 10 June: its only Monday is the fourth day.
    expect(moves(path(shut, 'forecast line'))).toBe(1);
  });

  it('draws bands widest first and closes them', () => {
    const svg = chart([5, 6, 7], [7, 8, 9]);
    expect(svg.indexOf('band outer')).toBeGreaterThan(0);
    expect(svg.indexOf('band outer')).toBeLessThan(svg.indexOf('band inner'));
    expect(path(svg, 'forecast band outer')).toMatch(/Z$/);
    expect(points(path(svg, 'forecast band outer'))).toHaveLength(6);
    expect(svg).toContain('role="img"');
    expect(svg).toContain('aria-labelledby="x-t x-d"');
  });

  it('shows one period as a dot with a bar', () => {
    const svg = chart([5, 6, 7], [7]);
    expect(svg).toContain('class="forecast line dot"');
    expect(svg).toContain('class="forecast band inner lone"');
  });

  it.each([
    ['all zeros', [0, 0, 0], [0]],
    ['constant', [4, 4, 4], [4, 4]],
    ['negative', [-4, -5, -3], [-4, -4]],
    ['one point', [4], []],
    ['nothing observed', [GAP, GAP], [1, 1]],
    ['no history', [], [1, 2]],
    ['nothing at all', [], []],
    ['huge', [1e300, 2e300], [1e300]],
  ])('stands %s', (_, history, mean) => {
    const svg = chart(history, mean);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('cuts an interval that would dwarf the history', () => {
    const svg = chart([10, 12, 11], [11, 11], {
      forecast: { start: start + 3, mean: [11, 11], bands: [{ level: 95, lo: [0, 0], hi: [1e6, 1e6] }] },
    });
    const [, y] = points(path(svg, 'history line'))[0]!;
    expect(y!).toBeLessThan(99);
  });

  it('escapes its words', () => {
    const svg = chart([1], [1], { title: '<script>"&', description: "</desc>'" });
    expect(svg).toContain('&lt;script&gt;&quot;&amp;');
    expect(svg).toContain('&lt;/desc&gt;&#39;');
  });
});

describe('sparkline', () => {
  it('averages equal stretches and leaves the odd one out', () => {
    expect([...averages(Float64Array.of(1, 2, 3, 4, 5), 2)]).toEqual([1.5, 3.5]);
    expect([...averages(Float64Array.of(1, 2, 3, 4, 5), 2, true)]).toEqual([2.5, 4.5]);
    expect([...averages(Float64Array.of(GAP, 2, GAP, GAP), 2)]).toEqual([2, GAP]);
  });

  it('is small and whole-numbered', () => {
    const wave = Float64Array.from({ length: 60 }, (_, k) => 5 + Math.sin(k));
    const svg = sparkline(wave, wave.subarray(0, 10));
    expect(svg.length).toBeLessThan(900);
    expect(svg).not.toMatch(/d="[^"]*\.\d/);
    expect(sparkline(new Float64Array(0), new Float64Array(0))).not.toContain('path');
  });
});
