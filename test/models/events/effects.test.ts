import { describe, expect, it } from 'vitest';
import { frequency } from '../../../src/core/frequency.ts';
import { allocatePanel, CellState, type Panel } from '../../../src/core/panel.ts';
import { random } from '../../../src/core/random.ts';
import { mean } from '../../../src/math/statistics.ts';
import { eventEffects } from '../../../src/models/events/effects.ts';

const DAYS = 1000;
const REACH = 30;
/** Days of the feast, whose place in the year moves. */
const FEASTS = [90, 478, 831];
/** Log effects of the feast by days from it. */
const effect = (d: number): number => (d >= -10 && d < 0 ? 0.04 * (10 + d) : d >= 0 && d < 4 ? -0.4 : 0);
const nearest = (t: number): number =>
  FEASTS.map((at) => t - at).reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a));

/** Twelve products with a week, a year, offers of their own and a feast, at which that many of them have an offer too. */
function feastPanel(seed: number, gathered = 0): Panel {
  const ids = Array.from({ length: 12 }, (_, i) => `p${i}`);
  const panel = allocatePanel(
    { freq: frequency('D'), ids, target: 'units', reach: REACH },
    Int32Array.from(ids, () => DAYS),
    { knownFuture: [{ name: 'promo' }, { name: 'event', levels: ['', 'feast'] }] },
  );
  const [promo, event] = panel.knownFuture.map(({ values }) => values);
  for (const [i, id] of ids.entries()) {
    const draw = random(seed, id);
    for (let t = 0; t < DAYS + REACH; t++) {
      const at = panel.offsets[i]! + i * REACH + t;
      const isGathered = i < gathered && Math.abs(nearest(t)) < 3;
      promo![at] = isGathered || (t + 17 * i) % 60 < 6 ? 1 : 0;
      event![at] = FEASTS.includes(t) ? 1 : 0;
      if (t >= DAYS) continue;
      const log =
        0.3 * Math.sin((2 * Math.PI * t) / 365.25) + 0.2 * (t % 7 === 5 ? 1 : 0) + 0.5 * promo![at]!;
      panel.y[panel.offsets[i]! + t] = (5 + 3 * i) * Math.exp(log + effect(nearest(t)) + 0.2 * draw.normal());
      panel.state[panel.offsets[i]! + t] = CellState.observed;
    }
  }
  return panel;
}

describe('event effects', () => {
  it.each([1, 2, 3])('are found before, on and after the day, beside season and offers (seed %i)', (seed) => {
    const panel = feastPanel(seed);
    const found = eventEffects(panel, 7)!;
    expect(found.names).toEqual(['event']);
    const without = found.without(['event']);
    const told = (t: number): number => Math.log(panel.y[t]! / without.y[t]!);
    for (const at of FEASTS) {
      for (const d of [-5, -2, -1, 0, 1, 2]) {
        // Four days alike are told as days that fade.
        expect(told(at + d) / effect(d)).toBeGreaterThan(0.4);
        expect(told(at + d) / effect(d)).toBeLessThan(1.5);
      }
      for (const d of [-40, 20, 60]) expect(Math.abs(told(at + d))).toBeLessThan(0.02);
    }
    expect(without.knownFuture[1]!.values.every((value) => value === 0)).toBe(true);
    expect(without.knownFuture[0]).toBe(panel.knownFuture[0]);
  });

  it('are those of columns alone that say the same of all series, and seldom', () => {
    const panel = feastPanel(1);
    const often = { name: 'often', values: panel.knownFuture[1]!.values.map((_, t) => t % 2) };
    const offers = { ...panel, knownFuture: [panel.knownFuture[0]!, often] };
    expect(eventEffects(offers, 7)).toBe(undefined);
  });

  it('do not look beyond the end of the past', () => {
    const panel = feastPanel(1);
    const first = eventEffects(panel, 7)!.without(['event']).y;
    const later = { ...panel, knownFuture: panel.knownFuture.map((column) => ({ ...column })) };
    // Another event far ahead changes nothing of what was.
    const values = later.knownFuture[1]!.values.slice();
    for (let i = 0; i < 12; i++) values[panel.offsets[i + 1]! + (i + 1) * REACH - 1] = 1;
    later.knownFuture[1] = { ...later.knownFuture[1]!, values };
    expect(eventEffects(later, 7)!.without(['event']).y).toEqual(first);
  });

  it.each([1, 2, 3])('are told from offers that gather about them (seed %i)', (seed) => {
    const panel = feastPanel(seed, 10);
    const without = eventEffects(panel, 7)!.without(['event']);
    for (const at of FEASTS) {
      for (const d of [-2, -1, 0, 1, 2]) {
        const told = Math.log(panel.y[at + d]! / without.y[at + d]!);
        expect(told / effect(d)).toBeGreaterThan(0.4);
        expect(told / effect(d)).toBeLessThan(1.5);
      }
    }
  });

  it('are told though nothing at all is sold on some days', () => {
    const panel = feastPanel(1);
    for (let i = 0; i < 12; i++) for (const t of [300, 301]) panel.y[panel.offsets[i]! + t] = 0;
    const told = eventEffects(panel, 7)!.liftsBefore()(DAYS)!.of(0);
    for (const at of FEASTS) expect(told(at) / effect(0)).toBeGreaterThan(0.5);
  });

  it('are known ahead once they have been, and of no later day', () => {
    const panel = feastPanel(1);
    const before = eventEffects(panel, 7)!.liftsBefore();
    const [, second, third] = FEASTS as [number, number, number];
    expect(before(200)).toBe(undefined);
    // Looks are a quarter of a year apart, the last at the end.
    for (const origin of [second - 30, third - 30]) {
      for (const d of [-2, 0, 1]) {
        const told = before(origin)!.of(0)((origin < second ? second : third) + d);
        expect(told / effect(d)).toBeGreaterThan(0.4);
        expect(told / effect(d)).toBeLessThan(1.6);
      }
      expect(Math.abs(before(origin)!.of(0)(second + 40))).toBeLessThan(0.02);
    }
    const cut = { ...panel, y: panel.y.slice() };
    for (let i = 0; i < 12; i++)
      cut.y.fill(1, panel.offsets[i]! + third - 20, panel.offsets[i]! + third + 10);
    // Only the sizes of series, which all of the past tells, are a little other.
    const other = eventEffects(cut, 7)!.liftsBefore();
    for (const d of [-2, 0, 1])
      expect(other(third - 30)!.of(0)(third + d)).toBeCloseTo(before(third - 30)!.of(0)(third + d), 1);
  });

  it('are those of each of several flagged days on end', () => {
    const panel = feastPanel(1);
    const values = panel.knownFuture[1]!.values.slice();
    for (let i = 0; i < 12; i++) {
      for (const at of FEASTS) values[panel.offsets[i]! + i * REACH + at + 1] = 1;
      for (const at of FEASTS) panel.y[panel.offsets[i]! + at]! *= 4;
    }
    const flagged = { ...panel, knownFuture: [panel.knownFuture[0]!, { name: 'flag', values }] };
    const told = eventEffects(flagged, 7)!.liftsBefore()(DAYS)!.of(0);
    for (const at of FEASTS) {
      expect(told(at)).toBeGreaterThan(0.5);
      expect(told(at + 1)).toBeLessThan(-0.2);
    }
  });

  /** The feast does twice as much to some of a category, and nothing to the others. */
  function halves(): Panel {
    const panel = feastPanel(1);
    for (let i = 0; i < 12; i++) {
      for (let t = 0; t < DAYS; t++)
        panel.y[panel.offsets[i]! + t]! *= Math.exp((i % 2 === 0 ? 1 : -1) * effect(nearest(t)));
    }
    return panel;
  }
  const twice = (i: number): number => (i % 2 === 0 ? 2 : 0);

  it('are told apart series by series, and by the groups of a column that tells more', () => {
    const panel = halves();
    const kinds = {
      name: 'kind',
      values: Float64Array.from(panel.ids, (_, i) => i % 2),
      levels: ['toys', 'tools'],
    };
    for (const own of [panel, { ...panel, statics: [kinds] }]) {
      const told = eventEffects(own, 7)!.liftsBefore()(DAYS)!;
      const off = [...panel.ids.keys()].flatMap((i) =>
        [-2, -1, 0, 1, 2].map((d) => Math.abs(told.of(i)(FEASTS[1]! + d) - twice(i) * effect(d))),
      );
      // What all do together is off by the whole effect, .4 on most days.
      expect(mean(off)).toBeLessThan(0.12);
      const all = told.within({ name: 'all', codes: new Int32Array(12), groups: 1 }, 0);
      expect(all(FEASTS[1]!) / effect(0)).toBeGreaterThan(0.6);
      expect(all(FEASTS[1]!) / effect(0)).toBeLessThan(1.4);
    }
    const told = eventEffects({ ...panel, statics: [kinds] }, 7)!.liftsBefore()(DAYS)!;
    expect(told.of(0)(FEASTS[1]!)).toBe(told.of(2)(FEASTS[1]!));
  });

  it('are the same to all series where nothing tells them apart', () => {
    const told = eventEffects(feastPanel(1), 7)!.liftsBefore()(DAYS)!;
    for (const d of [-2, -1, 0, 1, 2])
      expect(Math.abs(told.of(3)(FEASTS[1]! + d) - told.of(4)(FEASTS[1]! + d))).toBeLessThan(0.06);
  });
});
