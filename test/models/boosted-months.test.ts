// Boosted trees of months, where the public data are at hand: a year of twelve, growth, and more months than there are cutoffs.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DATA } from '../../bench/m-competitions.ts';
import { australianRetail } from '../../bench/shop-data.ts';
import { frequency } from '../../src/core/frequency.ts';
import { allocatePanel, CellState, type Panel } from '../../src/core/panel.ts';
import { boosted } from '../../src/models/boosted.ts';

const present = existsSync(join(DATA, 'forecast', 'aus_retail.csv.gz'));
// A server that tests for a release must not pass because the data were not there.
const demanded = process.env.CI === 'true';
if (!present && !demanded) {
  console.warn(`boosted: months not checked, the public data are not at ${DATA}; set BELLWETHER_DATA.`);
}

const H = 12;
const KNOWN = 72;

/** Six years of each series, the year after them, and nothing of the two years after that. */
function retail(): { readonly panel: Panel; readonly truth: readonly (readonly number[])[] } {
  const all = australianRetail().filter(({ y }) => y.length > KNOWN + 3 * H);
  const panel = allocatePanel(
    { freq: frequency('MS'), ids: all.map(({ id }) => id), target: 'turnover' },
    all.map(() => KNOWN),
  );
  for (const [i, { y }] of all.entries()) {
    panel.start[i] = 492;
    panel.y.set(y.slice(-KNOWN - 3 * H, -3 * H), panel.offsets[i]!);
  }
  panel.state.fill(CellState.observed);
  return { panel, truth: all.map(({ y }) => y.slice(-3 * H, -2 * H)) };
}

describe.runIf(present || demanded)('boosted trees of Australian retail by month', () => {
  it.each([
    // 0.78 and 0.85 of it when this was written; 1.17 and 1.07 when cutoffs three months apart met four months of twelve.
    ['direct', 0.85],
    ['recursive', 0.95],
  ] as const)(
    'are better than the last year, %s',
    (strategy, share) => {
      const { panel, truth } = retail();
      const model = boosted({ strategy, quantiles: [], opinions: 1, trials: 2 });
      const found = model.forecastAll(model.fitAll(panel, { h: H, season_length: 12, seed: 1 }), panel, H);
      let [error, naive] = [0, 0];
      for (const [i, own] of truth.entries()) {
        const size = own.reduce((a, b) => a + b, 0);
        for (let s = 0; s < H; s++) {
          error += Math.abs(own[s]! - found[i]!.mean[s]!) / size;
          naive += Math.abs(own[s]! - panel.y[panel.offsets[i + 1]! - H + s]!) / size;
        }
      }
      expect(error / naive).toBeLessThan(share);
    },
    90_000,
  );
});
