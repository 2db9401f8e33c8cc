import { describe, expect, test } from 'vitest';
import { frequency } from '../../src/core/frequency.ts';
import { allocatePanel, CellState, type Panel } from '../../src/core/panel.ts';
import { random } from '../../src/core/random.ts';
import { evaluate } from '../../src/pipeline.ts';
import { isUntold } from '../../src/select/sight.ts';

/** Two series of 30 cells; windows hide 6, 12 and 18 of them, the last one of the first series alone. */
const left = (season_length: number) => ({
  windows: 3,
  hidden: Int32Array.of(6, 12, 18, 6, 12, 0),
  history: Int32Array.of(24, 18, 12, 24, 18, 0),
  season_length,
});
const untold = (season_length: number, target: number | undefined, windows: readonly number[]) =>
  isUntold(left(season_length), [0, 1], windows, target);

describe('a forecast of which no window tells', () => {
  test('is none without a season', () => {
    expect(untold(1, undefined, [0, 1, 2])).toBe(false);
  });
  test('is none that does not know two seasons itself', () => {
    expect(untold(16, undefined, [0, 1, 2])).toBe(false);
    expect(untold(13, 0, [1, 2])).toBe(false);
  });
  test('is none where some windows know two seasons', () => {
    expect(untold(12, undefined, [0, 1, 2])).toBe(false);
    expect(untold(9, 0, [1, 2])).toBe(false);
  });
  test('is the first to know two seasons', () => {
    expect(untold(15, undefined, [0, 1, 2])).toBe(true);
    expect(untold(12, 0, [1, 2])).toBe(true);
  });
});

/** Series with a strong yearly season of their own, by month. */
function seasonal(count: number, months: number): Panel {
  const panel = allocatePanel(
    {
      freq: frequency('MS'),
      ids: Array.from({ length: count }, (_, i) => `s${i}`),
      target: 'y',
      statics: [],
    },
    Array.from({ length: count }, () => months),
  );
  for (let i = 0; i < count; i++) {
    const draw = random(1, `series ${i}`);
    panel.start[i] = 300;
    for (let t = 0; t < months; t++) {
      const season = 1 + 0.4 * Math.sin((2 * Math.PI * (t + i)) / 12);
      panel.y[panel.offsets[i]! + t] = 100 * season * (1 + 0.05 * draw.normal());
    }
    panel.state.fill(CellState.observed, panel.offsets[i]!, panel.offsets[i + 1]!);
  }
  return panel;
}

describe('auto', () => {
  const weighed = async (months: number, models?: readonly string[]) => {
    const { blend } = await evaluate(seasonal(4, months), { h: 6, ...(models ? { models } : {}) });
    return blend.models.flatMap(({ model }, j) => (blend.segments[0]!.weights[j]! > 0 ? [model] : []));
  };
  test('takes models that make most of two seasons where no window has them', async () => {
    expect(await weighed(26)).toEqual(['ets', 'shape-level']);
  });
  test('asks the record of models that were named without them', async () => {
    expect(await weighed(26, ['theta', 'seasonal-naive'])).toEqual(['seasonal-naive']);
  });
  test('asks the record where windows have them', async () => {
    expect(await weighed(60)).not.toEqual(['ets', 'shape-level']);
  });
});
