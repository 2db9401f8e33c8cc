import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CellState } from '../../src/core/panel.ts';
import { fillGaps, GAP_POLICIES } from '../../src/prepare/gaps.ts';
import { signalToNoise, smoothLocalLevel } from '../../src/prepare/local-level.ts';
import { prepare } from '../../src/prepare/prepare.ts';
import { dates, type Row, rows, series, valuesOf } from './rows.ts';

const _ = Number.NaN;
const filled = (values: number[], policy: (typeof GAP_POLICIES)[number], m = 1): number[] => {
  const y = Float64Array.from(values);
  fillGaps(y, policy, m);
  return Array.from(y);
};

/** Flow of the Nile at Aswan, 1871–1970, in 10⁸ m³ (R's `Nile`). */
const NILE = [
  1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958,
  1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020,
  1050, 969, 831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040,
  759, 781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890,
  744, 749, 838, 1050, 918, 986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
];

describe('gap policies', () => {
  it.each([
    ['missing', [2, _, 3, 7, _, _, 1]],
    ['zero', [2, 0, 3, 7, 0, 0, 1]],
    ['mean', [2, 3.25, 3, 7, 3.25, 3.25, 1]],
    ['median', [2, 2.5, 3, 7, 2.5, 2.5, 1]],
    ['forward', [2, 2, 3, 7, 7, 7, 1]],
    ['linear', [2, 2.5, 3, 7, 5, 3, 1]],
  ] as const)('%s', (policy, expected) => {
    expect(filled([2, _, 3, 7, _, _, 1], policy)).toEqual(expected);
  });

  it('seasonal and model restore a season', () => {
    const figure = [5, -3, 1, -3];
    const whole = Array.from({ length: 24 }, (__, t) => 100 + figure[t % 4]!);
    const trending = Array.from({ length: 24 }, (__, t) => 100 + 2 * t + figure[t % 4]!);
    const holes = (y: number[]): number[] => y.map((v, t) => ([6, 7, 13].includes(t) ? _ : v));
    expect(filled(holes(trending), 'seasonal', 4)).toEqual(trending);
    for (const [t, value] of filled(holes(whole), 'model', 4).entries())
      expect(value).toBeCloseTo(whole[t]!, 6);
    // Without two seasons there is no season to know.
    expect(filled([1, _, 3, 9], 'seasonal', 4)).toEqual([1, 2, 3, 9]);
  });

  it('fill every gap between observed values and touch nothing else', () => {
    const cell = fc.oneof(fc.constant(Number.NaN), fc.integer({ min: -20, max: 100 }));
    fc.assert(
      fc.property(
        fc.array(cell, { minLength: 1, maxLength: 40 }),
        fc.constantFrom(...GAP_POLICIES.filter((p) => p !== 'missing')),
        fc.integer({ min: 1, max: 7 }),
        (middle, policy, m) => {
          const y = [4, ...middle, 8];
          const out = filled(y, policy, m);
          for (const [t, value] of y.entries()) {
            if (Number.isNaN(value)) expect(Number.isFinite(out[t]!)).toBe(true);
            else expect(out[t]).toBe(value);
          }
        },
      ),
    );
  });

  it('leave closed days, stock-outs and the time after the last sale alone', () => {
    const stocked = (row: Row, stock: number): Row => [row[0], row[1], row[2], { stock }];
    const list = [
      ...series('A', dates('2024-01-01', 6), (k) => [4, 0, 6, null, 10, null][k]!).map((row, k) =>
        stocked(row, k === 1 ? 0 : 3),
      ),
      ...series('B', dates('2024-01-01', 8), () => 1).map((row) => stocked(row, 3)),
    ];
    const prepared = prepare(rows(list, { past: ['stock'] }), {
      stock: 'stock',
      gaps: 'linear',
      ends: 'panel',
    });
    expect(valuesOf(prepared.panel)).toEqual([4, null, 6, 8, 10, null, null, null]);
    expect(Array.from(prepared.panel.state.subarray(0, 6))).toEqual([
      CellState.observed,
      CellState.stockOut,
      CellState.observed,
      CellState.observed,
      CellState.observed,
      CellState.missing,
    ]);
    expect(prepared.changes.at(-1)).toEqual({
      what: 'gaps filled along a straight line',
      cells: 1,
      series: 1,
    });
  });
});

describe('the local level model', () => {
  it('finds the signal-to-noise ratio of the Nile: 0.0973 (Durbin and Koopman 2012, section 2.10)', () => {
    expect(signalToNoise(Float64Array.from(NILE))).toBeCloseTo(0.0973, 3);
  });

  it('smooths through gaps as R’s KalmanSmooth does', () => {
    const y = Float64Array.from(NILE, (v, t) =>
      (t >= 20 && t < 40) || (t >= 60 && t < 80) ? Number.NaN : v,
    );
    const level = smoothLocalLevel(y, 1469.1 / 15099);
    const golden = [
      [1, 1111.320942],
      [2, 1110.47649],
      [20, 999.7126841],
      [21, 990.083526],
      [30, 903.4211029],
      [40, 807.1295218],
      [41, 797.5003637],
      [50, 831.9388418],
      [70, 837.1773237],
      [100, 798.3151146],
    ] as const;
    for (const [year, value] of golden) expect(level[year - 1]).toBeCloseTo(value, 4);
  });
});
