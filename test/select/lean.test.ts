import { describe, expect, it } from 'vitest';
import { random } from '../../src/core/random.ts';
import type { Backtest } from '../../src/evaluate/backtest.ts';
import { poolBlends } from '../../src/select/blend.ts';

const [SERIES, W, H, STEP] = [400, 4, 8, 4];

/**
 * A backtest of two models whose windows lie half a horizon apart; which model is right for a series is drawn once, or anew for
 * each half horizon. The reported window is not used.
 */
function backtest(isLasting: boolean): Backtest {
  const draw = random(1);
  const hidden = Int32Array.from({ length: SERIES * W }, (_, row) =>
    row % W === 0 ? H : 2 * H + ((row % W) - 1) * STEP,
  );
  const actual = new Float64Array(SERIES * W * H).fill(10);
  const mean = new Float64Array(SERIES * W * 2 * H);
  for (let i = 0; i < SERIES; i++) {
    const once = draw.below(2);
    const better = Array.from({ length: 10 }, () => (isLasting ? once : draw.below(2)));
    for (let w = 0; w < W; w++) {
      for (let s = 0; s < H; s++) {
        const half = Math.floor((hidden[i * W + w]! - s - 1) / STEP);
        for (let j = 0; j < 2; j++) mean[((i * W + w) * 2 + j) * H + s] = better[half] === j ? 10.2 : 11;
      }
    }
  }
  return {
    models: [{ model: 'ets' }, { model: 'theta' }],
    windows: W,
    h: H,
    mean,
    actual,
    hidden,
    history: hidden.map((cells) => 100 - cells),
    scale: new Float64Array(SERIES).fill(1),
    rootScale: new Float64Array(SERIES).fill(1),
    season_length: 1,
  } as object as Backtest;
}

const leanOf = (isLasting: boolean): number =>
  poolBlends(
    backtest(isLasting),
    Array.from({ length: SERIES }, () => 'smooth'),
    new Uint8Array(SERIES * 2).fill(1),
    [1, 2, 3],
    0,
  )[0]!.lean;

describe("how far single series' records are trusted", () => {
  it('is far where a model stays right for a series', () => {
    expect(leanOf(true)).toBe(0.75);
  });

  it('is not at all where it does not, though windows share the cells in which it was right', () => {
    expect(leanOf(false)).toBe(0);
  });
});
