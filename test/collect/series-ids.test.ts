import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combine, countRepeats, sortRows } from '../../src/collect/series-ids.ts';
import { encodeText } from '../../src/collect/table.ts';

const column = (values: (string | null)[]) => encodeText(values.length, (row) => values[row]!);
const pair = fc.tuple(
  fc.option(fc.constantFrom('a', 'b', 'c')),
  fc.constantFrom('x', 'y'),
  fc.integer({ min: 0, max: 4 }),
);

describe('series from columns', () => {
  it('gives rows one number exactly where all their values agree', () => {
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 40 }), (rows) => {
        const { codes, count } = combine(
          [column(rows.map((r) => r[0])), column(rows.map((r) => r[1]))],
          rows.length,
        );
        const keys = rows.map((r) => JSON.stringify(r.slice(0, 2)));
        expect(count).toBe(new Set(keys).size);
        for (const [i, key] of keys.entries())
          for (const [j, other] of keys.entries()) {
            expect(codes[i] === codes[j]).toBe(key === other);
          }
      }),
    );
  });

  it('counts repeated pairs, few or too many for a bit a pair', () => {
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 60 }), fc.boolean(), (rows, sparse) => {
        const first = combine([column(rows.map((r) => r[0])), column(rows.map((r) => r[1]))], rows.length);
        const times = Uint32Array.from(rows, (r) => r[2] * (sparse ? 1_000_000_000 : 1));
        const expected = rows.length - new Set(rows.map((r) => JSON.stringify(r))).size;
        expect(countRepeats(first, times, sparse ? 4_000_000_001 : 5, rows.length)).toBe(expected);
        expect(countRepeats(first, times, sparse ? 4_000_000_001 : 5, 0) > 0).toBe(expected > 0);
      }),
    );
  });

  it('sorts by series, then time, then the order of the file, and leaves dropped rows out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }))),
        (rows) => {
          const series = Uint32Array.from(rows, (r) => r[0]);
          const order = [
            ...sortRows(
              series,
              3,
              Float64Array.from(rows, (r) => r[1]),
            ),
          ];
          const expected = [...rows.keys()]
            .filter((i) => rows[i]![0] < 3)
            .sort((a, b) => rows[a]![0] - rows[b]![0] || rows[a]![1] - rows[b]![1] || a - b);
          expect(order).toEqual(expected);
        },
      ),
    );
  });
});
