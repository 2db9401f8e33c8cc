import { describe, expect, it } from 'vitest';
import { readRows } from '../../src/collect/rows.ts';
import { frequency } from '../../src/core/frequency.ts';
import { allocatePanel, CellState, type Panel } from '../../src/core/panel.ts';
import { random } from '../../src/core/random.ts';
import { closingFlags, withClosings } from '../../src/features/closing-flags.ts';
import { boosted } from '../../src/models/boosted.ts';
import { forecastObservations } from '../../src/pipeline.ts';

const H = 14;

/** Shops that are shut on one day in ten, said by `open`, with `promo` beside it; `share` of open days sell. */
function shops(count: number, length: number, share = 1): Panel {
  const ids = Array.from({ length: count }, (_, i) => `shop-${i}`);
  const panel = allocatePanel(
    { freq: frequency('D'), ids, target: 'sales', reach: H },
    ids.map(() => length),
    {
      knownFuture: [{ name: 'open' }, { name: 'promo' }],
    },
  );
  for (const i of ids.keys()) {
    const draw = random(7, i);
    panel.start[i] = 20_000;
    for (let t = 0; t < length + H; t++) {
      const open = draw.uniform() < 0.9 ? 1 : 0;
      const promo = draw.uniform() < 0.3 ? 1 : 0;
      const at = panel.offsets[i]! + i * H + t;
      panel.knownFuture[0]!.values[at] = open;
      panel.knownFuture[1]!.values[at] = promo;
      const sales = open * (draw.uniform() < share ? 1 : 0) * (50 + 20 * promo + 5 * draw.normal());
      if (t >= length) continue;
      panel.y[panel.offsets[i]! + t] = sales;
      panel.state[panel.offsets[i]! + t] = CellState.observed;
    }
  }
  return panel;
}

describe('closing flags', () => {
  it('are values at which nothing is ever sold', () => {
    expect(closingFlags(shops(4, 100))).toEqual([{ column: 'open', value: 0 }]);
  });

  it('are not read from what hardly ever sells, from few cells, or where a sale was made', () => {
    expect(closingFlags(shops(4, 100, 0.3))).toEqual([]);
    expect(closingFlags(shops(1, 100))).toEqual([]);
    const panel = shops(4, 100);
    const shut = Array.from({ length: 100 }, (_, t) => t).filter((t) => panel.y[t] === 0);
    for (const t of shut.slice(0, 3)) panel.y[t] = 5;
    expect(closingFlags(panel)).toEqual([]);
  });

  it('close cells, and are found again in what was closed', () => {
    const panel = shops(4, 100);
    const closed = withClosings(panel, closingFlags(panel));
    expect(panel.y.some((v) => v === 0)).toBe(true);
    expect(closed.y.some((v) => v === 0)).toBe(false);
    expect(closed.state.filter((s) => s === CellState.closed).length).toBe(
      panel.y.filter((v) => v === 0).length,
    );
    expect(closingFlags(closed)).toEqual(closingFlags(panel));
  });

  it('keep trees from learning zeros, and forecast nothing for a shut shop', () => {
    const panel = shops(6, 120);
    const model = boosted({ rows: 2000, trials: 1, trees: { rounds: 40, leaves: 8 } });
    const state = model.fitAll(panel, { h: H, season_length: 7, seed: 1 });
    const forecasts = model.forecastAll(state, panel, H);
    for (const [i, { mean, values }] of forecasts.entries()) {
      for (let s = 0; s < H; s++) {
        const open = panel.knownFuture[0]!.values[panel.offsets[i + 1]! + i * H + s];
        if (open === 0) expect([mean[s], ...values.slice(s * 7, s * 7 + 7)].every((v) => v === 0)).toBe(true);
        else expect(mean[s]!).toBeGreaterThan(40);
      }
    }
    const effects = model.effectsOf(state, panel, H, [2])[0]!;
    for (let s = 0; s < H; s++) {
      const total = effects.reduce((sum, { values }) => sum + values[s]!, 0);
      expect(Math.abs(total - forecasts[2]!.mean[s]!)).toBeLessThan(1e-6);
    }
  });

  it('are told when data are prepared, and hold for every model', async () => {
    const rows = Array.from({ length: 3 * 134 }, (_, k) => {
      const [shop, t] = [Math.floor(k / 134), k % 134];
      const open = (t + shop) % 9 === 4 ? 0 : 1;
      return {
        date: new Date(Date.UTC(2026, 0, 1 + t)),
        shop: `s${shop}`,
        units: t < 120 ? open * (30 + (t % 7)) : undefined,
        open,
      };
    });
    const outcome = await forecastObservations(await readRows(rows, { knownFuture: ['open'] }), {
      h: 14,
      models: ['ses'],
    });
    expect(outcome.changes.map(({ what }) => what).join()).toContain('closed where "open" is 0');
    const { mean, quantiles } = outcome.forecast;
    for (const [k, value] of mean.entries()) {
      const [shop, t] = [Math.floor(k / 14), 120 + (k % 14)];
      if ((t + shop) % 9 === 4)
        expect([value, ...quantiles.map((q) => q[k])].every((v) => v === 0)).toBe(true);
      else expect(value).toBeGreaterThan(25);
    }
  });
});
