import { describe, expect, it } from 'vitest';
import { profileView, wrap } from '../../src/cli/views/profile.ts';
import { prepare } from '../../src/prepare/prepare.ts';
import { profile } from '../../src/prepare/profile.ts';
import { dates, rows, series } from './rows.ts';

const days = dates('2024-01-01', 70);
const found = profile(
  prepare(
    rows([
      ...series('tea', days, (k) => 10 + (k % 7)),
      ...series('cup', days.slice(0, 30), (k) => (k % 3 === 0 ? 2 : 0)),
    ]),
  ),
);

describe('the profile on a terminal', () => {
  it('prints figures, changes, assumptions and warnings', () => {
    expect(profileView(found)).toBe(`2 series of units, one value a day (D)
  span           2024-01-01 … 2024-03-10
  length         30 to 70 days, median 50
  cells          100: 100 observed (100%)
  values         total 930; 20% are 0
  static         rank

Demand
  smooth         ████████████············        1     50%
  erratic        ························        0      0%
  intermittent   ████████████············        1     50%
  lumpy          ························        0      0%
  season         of 7 days: strength 0.50 of 1 (quartiles 0.25, 0.50, 0.75); strong in 50% of 2
                 measured series
  trend          strength 0.00 of 1
  largest        the top fifth sells 98% of all; tea 98%, cup 2.2%
  dead           1 series: cup

Assumed
  · 1 series ends before 2024-03-10, to be forecast from its own end: "cup".

What will go wrong, and what is done about it
  ! 1 series ("cup") stopped selling before 2024-03-10.
    → They are still forecast, mostly near 0; leave them out of the file if they are gone for
      good.
`);
  });

  it('keeps to the width it is given', () => {
    for (const columns of [60, 80, 100]) {
      for (const line of profileView(found, { columns }).split('\n')) {
        expect(line.length).toBeLessThanOrEqual(columns);
      }
    }
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  });

  it('is plain without colour', () => {
    expect(profileView(found)).not.toContain('\u001b');
    expect(profileView(found, { colour: true })).toContain('\u001b[');
  });
});
