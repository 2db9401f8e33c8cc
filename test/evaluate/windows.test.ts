import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planWindows } from '../../src/evaluate/windows.ts';

describe('backtest windows', () => {
  it('reports the last h cells and learns from windows that end before them', () => {
    expect(planWindows(200, { h: 14, windows: 4, season_length: 7 })).toEqual([
      { hidden: 14, length: 14 },
      { hidden: 28, length: 14 },
      { hidden: 35, length: 14 },
      { hidden: 42, length: 14 },
    ]);
  });

  it('shortens earlier windows where history is short, and gives none where there is nearly nothing', () => {
    const [reported, earlier] = planWindows(48, { h: 18, season_length: 12 });
    expect(reported).toEqual({ hidden: 18, length: 18 });
    expect(earlier!.length).toBeLessThan(18);
    expect(planWindows(3, { h: 2 })).toEqual([]);
  });

  it('never lets an earlier window see the reported one, nor a window test what it hides from no one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 1, max: 8 }),
        fc.constantFrom(1, 4, 7, 12, 52),
        (length, h, windows, season_length) => {
          const [reported, ...earlier] = planWindows(length, { h, windows, season_length });
          if (!reported) return;
          expect(reported.length).toBe(reported.hidden);
          for (const w of earlier) {
            expect(w.length).toBeGreaterThan(0);
            expect(w.length).toBeLessThanOrEqual(h);
            expect(w.hidden - w.length).toBeGreaterThanOrEqual(reported.hidden);
            expect(w.hidden).toBeLessThan(length);
          }
        },
      ),
    );
  });
});
