import { describe, expect, it } from 'vitest';
import { prepare } from '../../src/prepare/prepare.ts';
import { demandOf, intermittencyClass, segments } from '../../src/prepare/segments.ts';
import { dates, rows, series } from './rows.ts';

const every = (n: number, size: (k: number) => number): Float64Array =>
  Float64Array.from({ length: 60 }, (_, t) => (t % n === 0 ? size(t / n) : 0));
const uneven = (k: number): number => (k % 4 === 0 ? 40 : 2);

describe('kinds of demand', () => {
  it.each([
    ['smooth', every(1, (k) => 10 + (k % 3))],
    ['erratic', every(1, uneven)],
    ['intermittent', every(3, (k) => 4 + (k % 2))],
    ['lumpy', every(3, uneven)],
    ['intermittent', new Float64Array(10)],
    ['intermittent', new Float64Array(0)],
  ] as const)('%s', (name, y) => {
    expect(intermittencyClass(y)).toBe(name);
  });

  it('measures interval and variation over what was observed', () => {
    const y = Float64Array.from([2, Number.NaN, 0, 4, 0, Number.NaN, 6, 0]);
    const { adi, cv2 } = demandOf(y);
    expect(adi).toBe(2);
    expect(cv2).toBeCloseTo(4 / 16, 12);
  });

  it('lies on the smooth side of both limits at 1.32 and 0.49', () => {
    // 25 sales in 33 periods: ADI 1.32 exactly.
    const y = Float64Array.from({ length: 33 }, (_, t) => (t < 25 ? 5 : 0));
    expect(intermittencyClass(y)).toBe('smooth');
    y[24] = 0;
    expect(intermittencyClass(y)).toBe('intermittent');
  });

  it('names the segment of every series, without the cells that are hidden', () => {
    const { panel } = prepare(
      rows([
        ...series('A', dates('2024-01-01', 40), (k) => 5 + (k % 2)),
        ...series('B', dates('2024-01-01', 40), (k) => (k < 30 ? 5 : 0)),
      ]),
    );
    expect(segments(panel)).toEqual(['smooth', 'intermittent']);
    expect(segments(panel, { hidden: 10 })).toEqual(['smooth', 'smooth']);
  });
});
