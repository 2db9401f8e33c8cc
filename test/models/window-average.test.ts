import { describe, expect, it } from 'vitest';
import { windowAverage } from '../../src/models/window-average.ts';
import { runNormal } from './one-series.ts';

const missing = Number.NaN;

describe('window-average', () => {
  it('averages the last season by default, and 4 values where there is none', () => {
    expect(runNormal(windowAverage(), [9, 9, 1, 2, 3], 3, 2).mean[1]).toBe(2);
    expect(runNormal(windowAverage(), [99, 1, 2, 3, 6], 1, 1).mean[0]).toBe(3);
  });

  it('averages each phase by itself with `seasonal`', () => {
    const { mean } = runNormal(windowAverage({ seasonal: true, window: 2 }), [0, 0, 1, 10, 3, 30], 2, 4);
    expect([...mean]).toEqual([2, 20, 2, 20]);
  });

  it('ends its window at the last observed value', () => {
    const { mean } = runNormal(windowAverage({ window: 2 }), [1, 4, 6, missing, missing, missing], 1, 1);
    expect(mean[0]).toBe(5);
  });

  it('has the spread of its own past errors, growing as that of Brown’s equivalent smoothing', () => {
    // Errors of a window of 1 are the changes 1, -2, 3; alpha is then 1, as for a random walk.
    const { sd } = runNormal(windowAverage({ window: 1 }), [0, 1, -1, 2], 1, 3);
    expect([...sd].map((v) => v * v)).toEqual([14 / 3, 28 / 3, 14].map((v) => expect.closeTo(v, 10)));
    const wide = runNormal(windowAverage({ window: 3 }), [0, 1, -1, 2, 5, 3, 8], 1, 2).sd;
    expect(wide[1]! / wide[0]!).toBeCloseTo(Math.sqrt(1.25), 12);
  });

  it('refuses a window that is no whole number', () => {
    expect(() => windowAverage({ window: 2.5 })).toThrow('window-average option "window" is 2.5');
    expect(() => windowAverage({ windows: 2 } as never)).toThrow('Did you mean "window"?');
  });
});
