import { describe, expect, it } from 'vitest';
import { medianOf, roundNumbers, textTable } from '../../bench/harness.ts';

describe('the bench harness', () => {
  it('prints numbers to the right and words to the left', () => {
    const rows = [
      { model: 'naive', mase: 1.52409, series: 2936, pass: true },
      { model: 'seasonal-naive', mase: 0.98, series: 7, pass: false },
      { model: 'none', mase: Number.NaN, series: 0, extra: 123456.7 },
    ];
    expect(textTable(rows)).toBe(
      [
        'model             mase  series  pass      extra',
        '--------------  ------  ------  ----  ---------',
        'naive           1.5241    2936   yes',
        'seasonal-naive  0.9800       7    NO',
        'none                 –       0        123456.70',
      ].join('\n'),
    );
  });
  it('keeps eight digits, and nothing that JSON cannot say', () => {
    expect(roundNumbers({ a: [1 / 3, Number.NaN], b: 'text', c: true })).toEqual({
      a: [0.33333333, null],
      b: 'text',
      c: true,
    });
  });
  it('takes the middle', () => {
    expect([medianOf([3, 1, 2]), medianOf([4, 1, 2, 3])]).toEqual([2, 2.5]);
  });
});
