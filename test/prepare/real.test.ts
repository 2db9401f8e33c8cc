// Preparing two public data sets: weekly sales of store departments, and the order lines of a shop.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MS_PER_DAY, weekday } from '../../src/core/calendar.ts';
import { label, timestamp } from '../../src/core/frequency.ts';
import { CellState } from '../../src/core/panel.ts';
import { prepare } from '../../src/prepare/prepare.ts';
import { profile } from '../../src/prepare/profile.ts';
import { type Row, rows } from './rows.ts';

const DATA = resolve(
  import.meta.dirname,
  '../..',
  process.env.BELLWETHER_DATA ?? '../shared/data',
  'forecast',
);
const present = existsSync(DATA);
const demanded = process.env.CI === 'true';
if (!present && !demanded) {
  console.warn(`prepare: real data not checked, there is none at ${DATA}; set BELLWETHER_DATA.`);
}

const lines = (file: string): string[] =>
  gunzipSync(readFileSync(resolve(DATA, file)))
    .toString()
    .trim()
    .split(/\r?\n/)
    .slice(1);

describe.runIf(present || demanded)('real data', () => {
  it('Walmart: weeks on Fridays, ragged ends, missing weeks, holidays known throughout', () => {
    const list = lines('walmart_train.csv.gz').map((line): Row => {
      const [store, dept, ds, y, holiday] = line.split(',');
      return [`${store}-${dept}`, ds!, Number(y), { IsHoliday: holiday === 'TRUE' ? 1 : 0 }];
    });
    const prepared = prepare(rows(list, { known: ['IsHoliday'] }), { leadingZeros: 'keep' });
    const { panel } = prepared;
    expect(panel.freq.alias).toBe('W-FRI');
    expect(panel.ids).toHaveLength(3331);
    const observed = panel.y.filter((v) => !Number.isNaN(v));
    expect(observed).toHaveLength(421_570);
    expect(observed.reduce((a, b) => a + b, 0)).toBeCloseTo(
      list.reduce((sum, [, , y]) => sum + y!, 0),
      2,
    );
    expect(prepared.notes.join()).not.toContain('"IsHoliday" is unknown');
    const kept = panel.knownFuture[0]!.values.filter((v) => !Number.isNaN(v));
    // The calendar's last week is the reach of a series that ended early: nothing is known beyond it.
    expect(kept.length).toBeGreaterThanOrEqual(panel.y.length);
    // The protocol of the fev benchmark keeps the series with at least 79 observations: 2,936 of them.
    const long = panel.ids.filter((_, i) => {
      const y = panel.y.subarray(panel.offsets[i]!, panel.offsets[i + 1]!);
      return y.filter((v) => !Number.isNaN(v)).length >= 79;
    });
    expect(long).toHaveLength(2936);
    const found = profile(prepared);
    expect([found.first, found.last, found.negatives]).toEqual(['2010-02-05', '2012-10-26', 1285]);
    expect(found.seasonality[0]!.mean).toBeGreaterThan(0.5);
  });

  it('Online Retail: days without Saturdays, and the closed days of England', () => {
    const list = lines('online_retail_541909.csv.gz').map((line): Row => {
      // Only the description may hold commas: the code is the second field, quantity and date the fifth from the end.
      const fields = line.split(',');
      return [fields[1]!, fields.at(-4)!, Number(fields.at(-5))];
    });
    const { panel } = prepare(rows(list, { transactions: true }));
    expect(panel.freq.alias).toBe('D');
    expect(panel.closedWeekdays).toEqual([5]);
    const total = panel.y.reduce((sum, v) => sum + (Number.isNaN(v) ? 0 : v), 0);
    expect(total).toBe(list.reduce((sum, [, , y]) => sum + y!, 0));
    const shut = new Set<number>();
    for (let i = 0; i < panel.ids.length; i++) {
      for (let k = panel.offsets[i]!; k < panel.offsets[i + 1]!; k++) {
        if (panel.state[k] === CellState.closed) shut.add(panel.start[i]! + k - panel.offsets[i]!);
      }
    }
    const dates = [...shut]
      .sort((a, b) => a - b)
      .filter((p) => weekday(timestamp(panel.freq, p) / MS_PER_DAY) !== 5);
    // Christmas, Good Friday and Easter, the royal wedding, and the bank holidays of May and August.
    expect(dates.map((p) => label(panel.freq, p).slice(2))).toEqual([
      ...['10-12-24', '10-12-26', '10-12-27', '10-12-28', '10-12-29', '10-12-30', '10-12-31', '11-01-02'],
      ...['11-01-03', '11-04-22', '11-04-24', '11-04-25', '11-04-29', '11-05-02', '11-05-30', '11-08-29'],
    ]);
  });
});
