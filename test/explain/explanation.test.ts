import { describe, expect, it } from 'vitest';
import { readRows } from '../../src/collect/rows.ts';
import { frequency, label } from '../../src/core/frequency.ts';
import { random } from '../../src/core/random.ts';
import { changeSince } from '../../src/explain/change.ts';
import {
  addedUp,
  contributionsOf,
  currentSeries,
  type Explainable,
  PARTS,
} from '../../src/explain/contributions.ts';
import { effectsOf } from '../../src/explain/effects.ts';
import { type Explanation, explanationOf } from '../../src/explain/explanation.ts';
import { paragraph } from '../../src/explain/paragraph.ts';
import { sum } from '../../src/math/statistics.ts';
import type { ModelSpec } from '../../src/models/model.ts';
import type { Share } from '../../src/models/share.ts';
import { forecastObservations, forecastPrepared } from '../../src/pipeline.ts';
import { promotedShop } from '../models/promoted-shop.ts';

const H = 14;
const SKUS = ['cup', 'pot', 'tea'];

/** Three products with a week and a promotion; from day 180 on `jump` more of each is sold. */
async function made(days: number, jump = 0, known = true): Promise<Explainable> {
  const rows = SKUS.flatMap((sku, k) => {
    const draw = random(5, sku);
    return Array.from({ length: days + (known ? H : 0) }, (_, t) => {
      const promotion = t % 11 === 3 ? 1 : 0;
      const level = 20 + 30 * k + (t >= 180 ? jump : 0);
      const units = level + (t % 7 > 4 ? 8 : 0) + 15 * promotion + 2 * draw.normal();
      return {
        date: new Date(Date.UTC(2026, 0, 1 + t)),
        sku,
        units: t < days ? Math.max(0, units) : undefined,
        ...(known ? { promotion } : {}),
      };
    });
  });
  const observations = await readRows(rows, known ? { knownFuture: ['promotion'] } : {});
  return forecastObservations(observations, {
    h: H,
    models: ['ets', 'linear-regression', 'dynamic-optimised-theta'],
    keep: true,
  });
}

const worst = (mean: Float64Array, parts: readonly Float64Array[]): number =>
  Math.max(...mean.map((value, s) => Math.abs(value - parts.reduce((total, part) => total + part[s]!, 0))));

describe('contributions', () => {
  it('add up to the number shown, period by period, for one series and for all', async () => {
    const run = await made(200);
    const each = await contributionsOf(run, [0, 1, 2]);
    for (const { mean, parts } of [...each, addedUp(each)]) {
      expect(worst(mean, Object.values(parts))).toBeLessThan(1e-9);
    }
    expect(sum(addedUp(each).mean)).toBeCloseTo(sum(run.forecast.mean), 6);
  });

  it('name the promotion where there is one, and the weekend as the season', async () => {
    const run = await made(200);
    const { parts, start } = (await contributionsOf(run, [1]))[0]!;
    const first = run.panel.start[1]!;
    const promoted = Array.from(parts.regressors.keys()).filter((s) => (start + s - first) % 11 === 3);
    const others = Array.from(parts.regressors.keys()).filter((s) => !promoted.includes(s));
    const mean = (steps: number[]): number => sum(steps.map((s) => parts.regressors[s]!)) / steps.length;
    expect(mean(promoted) - mean(others)).toBeGreaterThan(3);
    const weekend = Array.from(parts.seasonal.keys()).filter((s) => (start + s - first) % 7 > 4);
    expect(Math.min(...weekend.map((s) => parts.seasonal[s]!))).toBeGreaterThan(2);
  });

  it('put into limits what was held back', async () => {
    const run = await made(60, 0, false);
    const forecast = { ...run.forecast, mean: run.forecast.mean.map(() => 0) };
    const { parts } = (await contributionsOf({ ...run, forecast }, [0]))[0]!;
    expect(Math.max(...parts.limits)).toBeLessThan(0);
  });
});

it('a sum leaves out series that ended earlier, and says so', async () => {
  expect(currentSeries({ start: Int32Array.of(30, 12, 30) })).toEqual([0, 2]);
  const run = await made(60, 0, false);
  const each = await contributionsOf(run, [0, 1]);
  const explanation = explanationOf(run.panel, [0, 1], addedUp(each), { ended: 1 });
  expect(explanation.ended).toBe(1);
  expect(paragraph(explanation, run.panel.freq)).toContain('1 series that ended earlier is left out.');
});

it('columns that always moved together are told as one, and others for themselves', async () => {
  const rows = SKUS.flatMap((sku, k) => {
    const draw = random(6, sku);
    return Array.from({ length: 200 + H }, (_, t) => {
      const promo = t % 11 < 3 ? 1 : 0;
      const open = t % 9 > 0 ? 1 : 0;
      const units = 20 + 30 * k + 15 * promo + 6 * open + 2 * draw.normal();
      return {
        date: new Date(Date.UTC(2026, 0, 1 + t)),
        sku,
        units: t < 200 ? units : undefined,
        price: 10 - 2 * promo,
        // One product has a price of its own.
        promo: sku === 'tea' && t % 22 > 11 ? 0 : promo,
        open,
      };
    });
  });
  const observations = await readRows(rows, { target: 'units', knownFuture: ['price', 'promo', 'open'] });
  const run = await forecastObservations(observations, {
    h: H,
    models: [{ model: 'linear-regression', options: { lambda: 'gcv' } }],
    keep: true,
  });
  const [cup, , tea] = await contributionsOf(run, [0, 1, 2]);
  expect(tea!.drivers.map(({ name }) => name).sort()).toEqual(['open', 'price', 'promo']);
  expect(cup!.drivers.map(({ name }) => name).sort()).toEqual(['open', 'price, promo']);
  const { values } = cup!.drivers.find(({ name }) => name === 'price, promo')!;
  for (const [s, value] of values.entries()) {
    if ((200 + s) % 11 < 3) {
      expect(value).toBeGreaterThan(12);
      expect(value).toBeLessThan(18);
    } else expect(Math.abs(value)).toBeLessThan(1e-9);
  }
  const text = paragraph(explanationOf(run.panel, [0], cup!), run.panel.freq);
  expect(text).toContain('price and promo together +');
});

it('the paragraph says what columns add and when, those of the same periods together', async () => {
  const run = await made(60, 0, false);
  const explanation = explanationOf(run.panel, [0], (await contributionsOf(run, [0]))[0]!);
  const felt = (name: string, ...values: number[]) => ({
    name,
    part: 'regressors' as const,
    total: sum(values),
    values: [...values, ...Array(H - values.length).fill(0)],
  });
  const text = (...drivers: ReturnType<typeof felt>[]): string =>
    paragraph({ ...explanation, drivers }, run.panel.freq);
  expect(text(felt('price', 0, 60, 30, 5))).toContain(
    ' Against what is usual, price +95 (2026-03-03 to 2026-03-04).',
  );
  expect(text(felt('price', 0, 60, 30), felt('promo', 0, -8, -7), felt('event', 40))).toContain(
    ' Against what is usual, price and promo together +75 (2026-03-03 to 2026-03-04) and event +40 (2026-03-02).',
  );
});

describe('models of the whole panel', () => {
  const boosted = { model: 'boosted', options: { rows: 2000, trials: 1, trees: { rounds: 60, leaves: 8 } } };
  const { panel, truth } = promotedShop();
  const run = (models: (ModelSpec | string)[]): Promise<Explainable> =>
    forecastPrepared({ panel, changes: [], notes: [] }, { h: 7, keep: true, models });

  it('say what columns and seasons do, adding up to the number shown', async () => {
    const made = await run([boosted, 'seasonal-naive']);
    for (const { mean, parts } of await contributionsOf(made, [0, 1, 5])) {
      expect(worst(mean, Object.values(parts))).toBeLessThan(1e-6);
    }
    const alone = await run([boosted]);
    const shown = await contributionsOf(alone, [0, 1, 5]);
    for (const { mean, parts, drivers } of shown) {
      const told = drivers.map(({ values }) => values);
      expect(worst(mean, [...told, parts.limits])).toBeLessThan(1e-6);
      expect(worst(mean, told)).toBeLessThan(0.02 * Math.max(...mean));
    }
  }, 60_000);

  it('find that promotions move the products that they move, and no others', async () => {
    const series = Array.from(panel.ids.keys());
    const each = await contributionsOf(await run([boosted]), series);
    // What a promoted day owes to its promotion, in shares of the day, for products that it does and does not move.
    const lift = [0, 1].map((kind) => {
      let [owed, days] = [0, 0];
      for (const i of series.filter((k) => k % 2 === kind)) {
        const promo = each[i]!.drivers.find(({ name }) => name === 'promo')!;
        expect(promo.part).toBe('regressors');
        for (let s = 0; s < 7; s++) {
          if (panel.knownFuture[0]!.values[panel.offsets[i + 1]! + i * panel.reach + s] !== 1) continue;
          owed += promo.values[s]! / truth[i]!.at(s - 7)!;
          days++;
        }
      }
      return owed / days;
    });
    expect(lift[1]!).toBeGreaterThan(0.25);
    expect(Math.abs(lift[0]!)).toBeLessThan(0.1);
  }, 60_000);

  it('speak for series beyond those that are taken apart by the example of these', async () => {
    const made = await run([boosted]);
    const exact = await effectsOf(made, [0, 1, 2]);
    const few = await effectsOf(made, [0, 1, 2], 7);
    const same = few.filter((own, k) =>
      [...own.values()][0]![0]!.values.every((v, s) => v === [...exact[k]!.values()][0]![0]!.values[s]),
    );
    expect(same).toHaveLength(1);
    for (const [k, own] of few.entries()) {
      const { mean } = made.fitted[k]![0]!.state as Share;
      expect(
        worst(
          mean,
          [...own.values()][0]!.map(({ values }) => values),
        ),
      ).toBeLessThan(1e-6);
    }
  }, 60_000);
});

describe('a change', () => {
  it('adds up over the parts and tells what came in between', async () => {
    const [before, now] = [await made(180, 40, false), await made(187, 40, false)];
    const series = [0, 1, 2];
    const [old, later] = await Promise.all([before, now].map((run) => contributionsOf(run, series)));
    const change = changeSince(now.panel, series, old!, later!)!;
    expect(change.periods).toBe(7);
    expect(sum(Object.values(change.parts))).toBeCloseTo(change.now - change.before, 6);
    expect(change.now).toBeGreaterThan(change.before + 100);
    expect(change.seen).toMatchObject({ periods: 7 });
    expect(change.seen!.observed - change.seen!.expected).toBeGreaterThan(3 * 7 * 30);
    expect(
      changeSince(
        now.panel,
        series,
        old!,
        later!.map((c) => ({ ...c, start: c.start + 50 })),
      ),
    ).toBe(undefined);
  });
});

describe('the paragraph', () => {
  const parts = (values: Partial<Record<(typeof PARTS)[number], number>>) =>
    Object.fromEntries(PARTS.map((name) => [name, values[name] ?? 0])) as Explanation['total']['parts'];
  const spread = (total: number): number[] => [total / 2 - 5, total / 2 + 5];
  const explanation: Explanation = {
    unique_id: 'tea',
    target: 'units',
    series: 1,
    ds: ['2026-11-01', '2026-11-02'],
    mean: spread(120),
    parts: { level: [50, 50], trend: [5, 5], seasonal: [-5, 5], regressors: [5, 5], limits: [0, 0] },
    total: { mean: 120, parts: parts({ level: 100, trend: 10, regressors: 10 }) },
    past: { periods: 2, total: 100 },
    model: 'ets',
    change: {
      run: 'r1',
      from: '2026-11-01',
      to: '2026-11-01',
      periods: 1,
      before: 50,
      now: 55,
      parts: parts({ level: 6, trend: -1 }),
      seen: { periods: 3, expected: 90, observed: 99 },
    },
  };
  const freq = frequency('D');

  it('says what is expected, why, and what changed', () => {
    expect(paragraph(explanation, freq)).toBe(
      'tea: 120 units expected in 2 days (2026-11-01 to 2026-11-02), +20% against the 100 of the last 2 days. ' +
        'The level alone would give 100; the trend +10 and known columns and holidays +10. ' +
        'The season is at its height on 2026-11-02 (+5) and lowest on 2026-11-01 (−5). ' +
        'For 2026-11-01 (1 day) run r1 had said 50; it is 55 now (+10%): the level +6 and the trend −1. ' +
        'Since then 3 days were seen: 99 where 90 had been expected. Made by ets.',
    );
  });

  it('stays short where there is little to say', () => {
    const { unique_id: _, past: __, model: ___, change: ____, ...rest } = explanation;
    const flat = { ...rest, series: 3, parts: { ...rest.parts, seasonal: [0, 0] } };
    const total = { mean: 120, parts: parts({ level: 120 }) };
    expect(paragraph({ ...flat, total }, freq)).toBe(
      'All 3 series together: 120 units expected in 2 days (2026-11-01 to 2026-11-02). ' +
        'The level alone would give 120; nothing else matters.',
    );
  });

  it('comes from what a run left behind', async () => {
    const run = await made(90, 0, false);
    const one = (await contributionsOf(run, [2]))[0]!;
    const found = explanationOf(run.panel, [2], one, { model: run.forecast.model[2]! });
    expect(found.unique_id).toBe('tea');
    expect(found.ds[0]).toBe(label(run.panel.freq, run.forecast.start[2]!));
    expect(found.past!.periods).toBe(H);
    expect(sum(Object.values(found.total.parts))).toBeCloseTo(found.total.mean, 6);
  });
});
