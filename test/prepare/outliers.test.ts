import { describe, expect, it } from 'vitest';
import { random } from '../../src/core/random.ts';
import { usualBounds } from '../../src/prepare/outliers.ts';
import { prepare } from '../../src/prepare/prepare.ts';
import { dates, rows, series, valuesOf } from './rows.ts';

/** Twelve weeks of days around 100 with busy weekends; cell 40 (a Saturday) and cell 51 are spoilt. */
const noise = random(7);
const clean = Array.from({ length: 84 }, (_, t) => 100 + (t % 7 > 4 ? 80 : 0) + 5 * noise.normal());
const spoilt = clean.map((v, t) => (t === 40 ? 400 : t === 51 ? 0 : v));
const observations = rows(series('A', dates('2024-01-01', 84), (k) => spoilt[k]!));

describe('outliers', () => {
  it('are left alone by default', () => {
    expect(prepare(observations).changes).toEqual([]);
  });

  it('are clipped to the bound of the usual of their weekday, in both directions', () => {
    const prepared = prepare(observations, { outliers: 'clip' });
    const values = valuesOf(prepared.panel);
    expect(prepared.changes).toEqual([
      { what: 'outliers clipped to the bound of the usual', cells: 2, series: 1 },
    ]);
    expect(values[40]).toBeGreaterThan(185);
    expect(values[40]).toBeLessThan(220);
    expect(values[51]).toBeGreaterThan(65);
    expect(values[51]).toBeLessThan(90);
    expect(values.filter((v, t) => v !== spoilt[t])).toHaveLength(2);
    expect(prepared.notes.at(-1)).toMatch(
      /^largest outliers: "A" on 2024-02-10: 400 → \d{3}\.?\d*; "A" on 2024-02-21/,
    );
  });

  it('become gaps, which a policy may fill', () => {
    expect(valuesOf(prepare(observations, { outliers: 'missing' }).panel)[40]).toBeNull();
    const refilled = valuesOf(prepare(observations, { outliers: 'missing', gaps: 'seasonal' }).panel);
    expect(refilled[40]).toBe((spoilt[33]! + spoilt[47]!) / 2);
  });

  it('are not a peak that comes every year', () => {
    const random_ = random(3);
    const yearly = Float64Array.from(
      { length: 110 },
      (_, t) => 50 + (t % 52 === 47 ? 200 : 0) + 2 * random_.normal(),
    );
    const { high } = usualBounds(yearly, 52)!;
    expect(yearly.findIndex((v, t) => v > high[t]!)).toBe(-1);
    yearly[20] = 250;
    const again = usualBounds(yearly, 52)!;
    expect(Array.from(yearly.keys()).filter((t) => yearly[t]! > again.high[t]!)).toEqual([20]);
  });

  it('are not looked for in intermittent, constant or short series', () => {
    const intermittent = Float64Array.from({ length: 60 }, (_, t) => (t % 5 === 0 ? 1 : 0));
    intermittent[30] = 90;
    expect(usualBounds(intermittent, 7)).toBeUndefined();
    expect(usualBounds(new Float64Array(60).fill(3), 7)).toBeUndefined();
    expect(usualBounds(Float64Array.from([1, 2, 300, 2, 1]), 7)).toBeUndefined();
  });

  it('are still seen where most values are equal', () => {
    const flat = new Float64Array(40).fill(3);
    flat[20] = 500;
    expect(usualBounds(flat, 1)!.high[20]).toBeLessThan(100);
  });
});
