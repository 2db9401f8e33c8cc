import { describe, expect, it } from 'vitest';
import { random } from '../../src/core/random.ts';
import {
  type Calibration,
  calibratedQuantiles,
  calibrateSeries,
  poolErrors,
} from '../../src/select/conformal.ts';
import type { Rehearsal } from '../../src/select/rehearsal.ts';

const [SERIES, W, H] = [200, 4, 12];
const LEVELS = [0.025, 0.1, 0.5, 0.9, 0.975];

/** Forecasts of zero with a claimed spread of 1, errors of the given size per series and step. */
function rehearsal(size: (i: number, s: number) => number, seed = 5): Rehearsal {
  const draw = random(seed);
  const cells = SERIES * W * H;
  const actual = Float64Array.from({ length: cells }, (_, at) => {
    const i = Math.floor(at / (W * H));
    return size(i, at % H) * draw.normal();
  });
  return { windows: W, h: H, mean: new Float64Array(cells), sd: new Float64Array(cells).fill(1), actual };
}

/** Calibrates series from their own rehearsal. */
function calibrate(
  tried: Rehearsal,
  segments: readonly string[],
  scale: Float64Array,
  windows: readonly number[],
  probabilities: readonly number[],
): Calibration {
  const pooled = poolErrors(tried, segments, scale, windows, probabilities);
  return calibrateSeries(pooled, tried, segments, scale, windows);
}

const names = (): string[] => new Array(SERIES).fill('smooth');
const ones = new Float64Array(SERIES).fill(1);

describe('conformal calibration', () => {
  it('widens what claims too little, step by step', () => {
    const c = calibrate(
      rehearsal((_, s) => 2 + s / 4),
      names(),
      ones,
      [0, 1, 2, 3],
      LEVELS,
    );
    const [lo, , middle, , hi] = calibratedQuantiles(
      c,
      0,
      new Float64Array(H),
      new Float64Array(H).fill(1),
      1,
    );
    expect(hi![0]! / c.factor[0]!).toBeGreaterThan(1.96 * 1.8);
    expect(hi![0]! / c.factor[0]!).toBeLessThan(1.96 * 2.4);
    expect(hi![11]! / c.factor[0]!).toBeGreaterThan(1.96 * 4.2);
    expect(-lo![0]! / hi![0]!).toBeGreaterThan(0.85);
    expect(Math.abs(middle![5]!)).toBeLessThan(0.3);
  });

  it('finds the series that are harder than the rest', () => {
    const c = calibrate(
      rehearsal((i) => (i % 2 === 0 ? 1 : 4)),
      names(),
      ones,
      [0, 1, 2, 3],
      LEVELS,
    );
    expect(c.factor[1]! / c.factor[0]!).toBeGreaterThan(3);
    const alike = calibrate(
      rehearsal(() => 1),
      names(),
      ones,
      [0, 1, 2, 3],
      LEVELS,
    );
    expect(Math.max(...alike.factor)).toBeLessThan(1.25);
  });

  it('covers new windows as often as it says', () => {
    const size = (i: number, s: number): number => (1 + (i % 5)) * (1 + s / 10);
    const c = calibrate(rehearsal(size), names(), ones, [1, 2, 3], LEVELS);
    const fresh = rehearsal(size, 99);
    let [in80, in95, n] = [0, 0, 0];
    for (let i = 0; i < SERIES; i++) {
      const q = calibratedQuantiles(c, i, new Float64Array(H), new Float64Array(H).fill(1), 1);
      for (let s = 0; s < H; s++) {
        const y = fresh.actual[i * W * H + s]!;
        n++;
        if (y >= q[1]![s]! && y <= q[3]![s]!) in80++;
        if (y >= q[0]![s]! && y <= q[4]![s]!) in95++;
      }
    }
    expect(in80 / n).toBeGreaterThan(0.77);
    expect(in80 / n).toBeLessThan(0.83);
    expect(in95 / n).toBeGreaterThan(0.93);
    expect(in95 / n).toBeLessThan(0.97);
  });

  it('falls back on the normal distribution where there is next to nothing to learn from', () => {
    const empty = rehearsal(() => 1);
    empty.actual.fill(Number.NaN);
    const c = calibrate(empty, names(), ones, [1, 2, 3], LEVELS);
    const q = calibratedQuantiles(c, 0, new Float64Array(H), new Float64Array(H).fill(1), 1);
    expect(q[4]![3]).toBeCloseTo(1.96, 2);
    expect(q[1]![0]).toBeCloseTo(-1.2816, 3);
  });

  it('trusts errors on windows that did not see the season half', () => {
    const tried = rehearsal(() => 3);
    const quantilesOf = (untold: readonly string[], proven: Float64Array) => {
      const pooled = poolErrors(tried, names(), ones, [0, 1, 2, 3], LEVELS, untold);
      const c = { ...calibrateSeries(pooled, tried, names(), ones, [0, 1, 2, 3]), proven };
      return calibratedQuantiles(c, 0, new Float64Array(H), new Float64Array(H).fill(1), 1);
    };
    const none = new Float64Array(0);
    const [told, untold] = [quantilesOf([], none), quantilesOf(['smooth'], none)];
    expect(told[3]![4]! / 1.2816).toBeGreaterThan(2.7);
    expect(untold[3]![4]!).toBeCloseTo((told[3]![4]! + 1.2816) / 2, 3);
    // What was claimed when they were tried, with spreads of 3, is held to less.
    const wide = new Float64Array(SERIES * H).fill(3);
    expect(quantilesOf([], wide)[3]![4]! / told[3]![4]!).toBeCloseTo(2.4, 6);
    expect(quantilesOf(['smooth'], wide)[3]![4]! / untold[3]![4]!).toBeCloseTo(1.5, 6);
  });
});
