import { describe, expect, it } from 'vitest';
import { parseIso } from '../../src/core/calendar.ts';
import { frequency, ordinal } from '../../src/core/frequency.ts';
import { cutPanel } from '../../src/core/moved-end.ts';
import { allocatePanel, CellState, type Panel } from '../../src/core/panel.ts';
import { random } from '../../src/core/random.ts';
import { feastShift } from '../../src/features/feast-shift.ts';
import { originsOf, rowsAhead, rowsToLearn, type Setting } from '../../src/features/feature-rows.ts';
import { type FeatureTable, featureTable } from '../../src/features/feature-table.ts';

const H = 3;

/** Two brands in two shops, weekly; price and a promotion are known H weeks ahead, traffic is not. */
function shop(length = 60): Panel {
  const ids = ['a1', 'a2', 'b1', 'b2'];
  const statics = [{ name: 'shop', levels: ['a', 'b'], values: Float64Array.of(0, 0, 1, 1) }];
  const panel = allocatePanel(
    { freq: frequency('W'), ids, target: 'units', reach: H, statics },
    ids.map(() => length),
    { knownFuture: [{ name: 'price' }, { name: 'promo' }], pastOnly: [{ name: 'traffic' }] },
  );
  const first = ordinal(panel.freq, parseIso('2023-01-01'));
  for (let i = 0; i < ids.length; i++) {
    const draw = random(7, i);
    panel.start[i] = first;
    const [price, promo] = panel.knownFuture;
    for (let t = 0; t < length + H; t++) {
      const at = panel.offsets[i]! + i * H + t;
      price!.values[at] = 2 + i;
      promo!.values[at] = t % 10 === 5 + i ? 1 : 0;
    }
    for (let t = 0; t < length; t++) {
      const at = panel.offsets[i]! + t;
      panel.y[at] = 10 * (i + 1) + Math.floor(5 * draw.uniform());
      panel.state[at] = CellState.observed;
      panel.pastOnly[0]!.values[at] = 100 + t;
    }
  }
  return panel;
}

const SETTING: Setting = { freq: frequency('W'), seasons: [52], window: 52 };

const column = (table: FeatureTable, name: string): Float32Array | Float64Array => {
  const found = table.features.find((f) => f.name === name);
  if (!found) throw new Error(`no feature "${name}" among ${table.features.map((f) => f.name).join(', ')}`);
  return found.values;
};

/** The table of the H weeks after the end. */
const ahead = (panel: Panel, setting = SETTING): FeatureTable =>
  featureTable(panel, rowsAhead(panel, H), setting);

describe('the feature table', () => {
  it('divides lags by the local level', () => {
    const panel = shop();
    const table = ahead(panel);
    expect(column(table, 'lag 1')[0]).toBeCloseTo(panel.y[59]! / table.level[0]!, 6);
    expect(column(table, 'lag 2')[1]).toBeCloseTo(panel.y[58]! / table.level[1]!, 6);
  });

  it('takes the season from the same week a year before each target', () => {
    const panel = shop();
    const table = ahead(panel);
    // Targets are cells 60, 61, 62: a season ago they were 8, 9, 10.
    for (let s = 0; s < H; s++)
      expect(column(table, 'season 52, 1 ago')[s]).toBeCloseTo(panel.y[8 + s]! / table.level[s]!, 6);
    expect(column(table, 'season 52, 2 ago')[0]).toBeNaN();
  });

  it('takes short seasons from the newest cell of the phase that is known', () => {
    const panel = shop();
    const table = ahead(panel, { ...SETTING, seasons: [2], window: 28 });
    expect(column(table, 'season 2, 1 ago')[0]).toBeCloseTo(panel.y[58]! / table.level[0]!, 6);
    expect(column(table, 'season 2, 1 ago')[2]).toBeCloseTo(panel.y[58]! / table.level[2]!, 6);
    expect(column(table, 'season 2, 2 ago')[1]).toBeCloseTo(panel.y[57]! / table.level[1]!, 6);
  });

  it('reads known-future columns at the target and past-only columns at the cutoff', () => {
    const table = ahead(shop());
    expect([...column(table, 'promo').subarray(0, 3)]).toEqual([0, 0, 0]);
    expect([...column(table, 'price').subarray(0, 6)]).toEqual([2, 2, 2, 3, 3, 3]);
    expect([...column(table, 'last traffic').subarray(0, 3)]).toEqual([159, 159, 159]);
    // The last promotion of the first series was in cell 55, and the next one would be in cell 65.
    expect([...column(table, 'since promo').subarray(0, 3)]).toEqual([5, 6, 7]);
    expect(column(table, 'promo has run')[0]).toBe(0);
  });

  it('sets prices against the others of the shop and of all', () => {
    const table = ahead(shop());
    const inShop = column(table, 'price to the lowest other of shop');
    expect(inShop[0]).toBeCloseTo(Math.log(2 / 3), 6);
    expect(inShop[3]).toBeCloseTo(Math.log(3 / 2), 6);
    expect(column(table, 'price to the mean other of all')[0]).toBeCloseTo(
      Math.log(2) - (Math.log(3) + Math.log(4) + Math.log(5)) / 3,
      6,
    );
  });

  it('means the past cells whose columns were alike', () => {
    const panel = shop();
    for (let t = 0; t < 60; t++) if (t % 10 === 5) panel.y[t] = 100;
    // The first series is promoted in the first week ahead: as in the cells where it sold 100.
    panel.knownFuture[1]!.values[60] = 1;
    const table = ahead(panel);
    expect(column(table, 'mean of alike')[0]! * table.level[0]!).toBeGreaterThan(80);
    expect(column(table, 'mean of alike')[1]! * table.level[1]!).toBeLessThan(20);
  });

  it('sees nothing of the cells after a row’s cutoff, of any series', () => {
    const panel = shop();
    const rows = rowsToLearn(
      cutPanel(panel, H),
      { h: H, most: 1e6, origins: 40, least: 5, back: 0, seasons: [7] },
      random(1),
    );
    const cutoff = 50;
    const before = Array.from(rows.known.keys()).filter((r) => rows.known[r]! <= cutoff);
    const changed = shop();
    for (let i = 0; i < 4; i++) {
      for (let t = cutoff; t < 60; t++) {
        const at = changed.offsets[i]! + t;
        changed.y[at] = 1e6 + t;
        changed.pastOnly[0]!.values[at] = -5;
        changed.state[at] = CellState.observed;
      }
    }
    const one = featureTable(panel, rows, SETTING);
    const other = featureTable(changed, rows, SETTING);
    expect(before.length).toBeGreaterThan(100);
    for (const [f, { name, values }] of one.features.entries()) {
      for (const r of before) {
        expect(Object.is(values[r], other.features[f]!.values[r]), `${name} of row ${r}`).toBe(true);
      }
    }
  });

  it('is the same for a panel that ends at the cutoff', () => {
    const panel = shop();
    const rows = rowsAhead(cutPanel(panel, 10), H);
    const long = featureTable(panel, rows, SETTING);
    const short = featureTable(cutPanel(panel, 10), rows, SETTING);
    expect(short.features.map((f) => f.name)).toEqual(long.features.map((f) => f.name));
    for (const [f, { name, values }] of short.features.entries())
      expect([name, ...values]).toEqual([name, ...long.features[f]!.values]);
  });

  it('gives a series without a past the level of its group', () => {
    const panel = shop();
    const rows = { series: Int32Array.of(3), known: Int32Array.of(0), step: Int32Array.of(1) };
    const table = featureTable(panel, rows, SETTING);
    expect(table.level[0]).toBeGreaterThan(15);
    expect(table.level[0]).toBeLessThan(60);
    expect(column(table, 'lag 1')[0]).toBeNaN();
    expect(column(table, 'shop')[0]).toBe(1);
  });
});

describe('rows to learn from', () => {
  it('are all pairs of cutoff and step with a target, or an even draw of them', () => {
    const panel = shop(20);
    const plan = { h: 2, most: 1e6, origins: 100, least: 5, back: 0, seasons: [7] };
    const rows = rowsToLearn(panel, plan, random(1));
    // Cutoffs 5 … 19, two steps each but one at the last.
    expect(rows.series.length).toBe(4 * (14 * 2 + 1));
    const drawn = rowsToLearn(panel, { ...plan, most: 30 }, random(1));
    expect(drawn.series.length).toBeGreaterThan(15);
    expect(drawn.series.length).toBeLessThan(50);
  });

  it('spread few cutoffs over the past, from the newest back', () => {
    const panel = shop(50);
    const origins = originsOf(panel, { h: 2, most: 1e6, origins: 10, least: 5, back: 0, seasons: [7] });
    expect(origins.length).toBeLessThanOrEqual(10);
    expect(origins.at(-1)).toBe(panel.start[0]! + 49);
    const strides = new Set(Array.from(origins.subarray(1), (o, k) => o - origins[k]!));
    expect([...strides]).toEqual([5]);
  });

  it('meet all months where cutoffs are few', () => {
    const panel = shop(72);
    const plan = { h: 1, most: 1e6, origins: 30, least: 0, back: 0, seasons: [12] };
    // Three months apart they would meet four of twelve.
    expect(new Set(Array.from(originsOf(panel, plan), (o) => o % 12)).size).toBe(12);
  });
});

describe('the shift of Easter', () => {
  const shift = (date: string): number =>
    feastShift(frequency('W-FRI'), ordinal(frequency('W-FRI'), parseIso(date)), 52);
  it('points from the week before Easter 2012 to that of 2011, two weeks later than a year before', () => {
    expect(shift('2012-04-06')).toBe(2);
  });
  it('is none far from Easter', () => {
    expect(shift('2012-08-03')).toBe(0);
  });
  it('is none for seasons that are not a year', () => {
    expect(feastShift(frequency('D'), ordinal(frequency('D'), parseIso('2012-04-08')), 7)).toBe(0);
  });
});
