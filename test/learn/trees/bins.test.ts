import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { random } from '../../../src/core/random.ts';
import { binAs, binTable } from '../../../src/learn/trees/bins.ts';
import { boundsOf } from '../../../src/learn/trees/kernels/bounds.ts';
import { plainKernels } from '../../../src/learn/trees/kernels/plain.ts';

const binned = (values: Float64Array, bins = 255) => {
  const table = binTable([{ name: 'x', values }], { bins });
  return { ...table.features[0]!, bin: table.byColumn };
};

describe('bins', () => {
  it('put each value under the first bound that is not below it', () => {
    const value = fc.oneof(
      fc.double({ min: -1e3, max: 1e3, noNaN: true }),
      fc.constantFrom(0, 1, 2, -5, Number.NaN, 1e300, -1e300, Infinity, -Infinity),
    );
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 2, max: 40 }),
        (given, bins) => {
          const values = Float64Array.from(given);
          const { upper, bin, count } = binned(values, bins);
          expect(count).toBeLessThanOrEqual(bins);
          for (const [i, v] of values.entries()) {
            expect(bin[i]).toBe(Number.isNaN(v) ? 0 : 1 + upper.findIndex((bound) => v <= bound));
          }
        },
      ),
    );
  });

  it('hold about as many values each, and give frequent values a bin of their own', () => {
    const draw = random(1);
    const values = Float64Array.from({ length: 20_000 }, () =>
      draw.uniform() < 0.3 ? 0 : Math.exp(draw.normal()),
    );
    const { bin, count } = binned(values, 100);
    const rows = new Array<number>(count + 1).fill(0);
    for (const b of bin) rows[b]!++;
    expect(rows[1]).toBe(values.filter((v) => v === 0).length);
    expect(count).toBeGreaterThan(90);
    expect(Math.max(...rows.slice(2))).toBeLessThan(1.5 * (14_000 / 98));
  });

  it('keep the few distinct values there are apart', () => {
    expect(Array.from(boundsOf(Float64Array.of(1, 1, 2, 4), 10))).toEqual([1.5, 3, Infinity]);
    const next = 1 + Number.EPSILON;
    expect(Array.from(boundsOf(Float64Array.of(1, next), 10))).toEqual([1, Infinity]);
  });

  it('give categories bins by how often they occur, and rare or new ones none', () => {
    const values = Float64Array.of(3, 3, 3, 1, 1, 0, Number.NaN);
    const table = binTable([{ name: 'c', values, levels: 4 }], { bins: 2 });
    expect(Array.from(table.features[0]!.codes)).toEqual([3, 1]);
    expect(Array.from(table.byColumn)).toEqual([1, 1, 1, 2, 2, 0, 0]);
    const other = binAs(
      table.features,
      [{ name: 'c', values: Float64Array.of(2, 3), levels: 4 }],
      plainKernels,
    );
    expect(Array.from(other.byColumn)).toEqual([0, 1]);
  });

  it('say which feature is at fault', () => {
    const x = { name: 'x', values: new Float64Array(3) };
    expect(() => binTable([])).toThrow('trees need at least one feature.');
    expect(() => binTable([x, { name: 'z', values: new Float64Array(2) }])).toThrow(
      'feature "z" has 2 rows where "x" has 3.',
    );
    expect(() => binTable([{ name: 'c', values: Float64Array.of(0, 7), levels: 3 }])).toThrow(
      'feature "c" has the category 7 in row 1; categories are 0 to 2.',
    );
    expect(() => binTable([x], { bins: 300 })).toThrow('bins is 300; give a whole number from 2 to 255.');
  });
});
