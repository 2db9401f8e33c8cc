// Panels of every odd shape, for properties.
import fc from 'fast-check';
import { frequency } from '../../src/core/frequency.ts';
import { allocatePanel, type Panel } from '../../src/core/panel.ts';

const column = (length: number): fc.Arbitrary<{ values: Float64Array; levels?: string[] }> =>
  fc.oneof(
    fc.array(fc.oneof(fc.double(), fc.constant(Number.NaN)), { minLength: length, maxLength: length }).map(
      // A store keeps no −0.
      (values) => ({ values: Float64Array.from(values, (v) => v + 0) }),
    ),
    fc.uniqueArray(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 300 }).chain((levels) =>
      fc
        .array(fc.oneof(fc.nat(levels.length - 1), fc.constant(Number.NaN)), {
          minLength: length,
          maxLength: length,
        })
        .map((codes) => ({ values: Float64Array.from(codes), levels })),
    ),
  );

/** Any panel at all: empty series, odd names, clashing columns, NaN and infinite values. */
export const anyPanel: fc.Arbitrary<Panel> = fc
  .record({
    alias: fc.constantFrom('1', '3', 's', '15min', 'h', 'D', 'B', 'W-MON', '2W', 'MS', 'M', 'QS', 'Y'),
    lengths: fc.array(fc.nat(9), { maxLength: 6 }),
    reach: fc.nat(3),
    names: fc.array(fc.constantFrom('y', 'ds', 'State', 'unique_id', 'price', 'Price', 'a"b', 'cells'), {
      maxLength: 5,
    }),
    closedWeekdays: fc.uniqueArray(fc.nat(6), { maxLength: 2 }),
    target: fc.string(),
  })
  .chain(({ alias, lengths, reach, names, closedWeekdays, target }) => {
    const series = lengths.length;
    const cells = lengths.reduce((a, b) => a + b, 0);
    const exactly = { minLength: series, maxLength: series };
    const roles = names.map((_, k) => k % 3);
    const sizes = roles.map((role) => [cells + series * reach, cells, series][role]!);
    return fc
      .record({
        ids: fc.uniqueArray(fc.string({ unit: 'binary' }), exactly),
        start: fc.array(fc.integer({ min: -500, max: 30_000 }), exactly),
        y: fc.array(fc.oneof(fc.double(), fc.constant(Number.NaN)), { minLength: cells, maxLength: cells }),
        state: fc.array(fc.nat(3), { minLength: cells, maxLength: cells }),
        columns: fc.tuple(...sizes.map(column)),
      })
      .map(({ ids, start, y, state, columns }) => {
        const named = names.map((name, k) => ({ name, ...columns[k]! }));
        const ofRole = (role: number) => named.filter((_, k) => roles[k] === role);
        const panel = allocatePanel({ freq: frequency(alias), ids, target, reach, closedWeekdays }, lengths);
        panel.start.set(start);
        panel.y.set(y.map((v) => v + 0));
        panel.state.set(state);
        return { ...panel, knownFuture: ofRole(0), pastOnly: ofRole(1), statics: ofRole(2) };
      });
  });
