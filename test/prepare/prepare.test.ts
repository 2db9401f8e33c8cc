import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { label } from '../../src/core/frequency.ts';
import { CellState, futureAt, type Panel, seriesAt } from '../../src/core/panel.ts';
import type { Prepared } from '../../src/prepare/preparation.ts';
import { prepare } from '../../src/prepare/prepare.ts';
import { dates, type Row, rows, series, valuesOf } from './rows.ts';

const { observed, missing, stockOut, closed } = CellState;
const startOf = (panel: Panel, i = 0): string => label(panel.freq, panel.start[i]!);
const statesOf = (panel: Panel, i = 0): number[] =>
  Array.from(panel.state.subarray(panel.offsets[i]!, panel.offsets[i + 1]!));
const knownOf = (panel: Panel, i = 0, k = 0): number[] => [
  ...seriesAt(panel, i).known[k]!,
  ...futureAt(panel, i, panel.reach).known[k]!,
];
const changed = ({ changes }: Prepared, what: RegExp) => changes.find((c) => what.test(c.what));

describe('the grid', () => {
  it('lays series on shared memory with their own starts', () => {
    const { panel } = prepare(
      rows([
        ...series('B', dates('2024-01-03', 3), (k) => 10 + k),
        ...series('A', dates('2024-01-01', 5), (k) => k + 1),
      ]),
    );
    expect(panel.ids).toEqual(['A', 'B']);
    expect(panel.freq.alias).toBe('D');
    expect([startOf(panel, 0), startOf(panel, 1)]).toEqual(['2024-01-01', '2024-01-03']);
    expect([valuesOf(panel, 0), valuesOf(panel, 1)]).toEqual([
      [1, 2, 3, 4, 5],
      [10, 11, 12],
    ]);
    expect(panel.y.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(panel.target).toBe('units');
    expect(Array.from(panel.statics[0]!.values)).toEqual([0, 1]);
  });

  it('leaves gaps of a panel missing and ends each series where it ends', () => {
    const prepared = prepare(
      rows([
        ...series('A', ['2024-01-01', '2024-01-02', '2024-01-04'], (k) => k + 1),
        ...series('B', dates('2024-01-01', 6), () => 1),
      ]),
    );
    expect(valuesOf(prepared.panel)).toEqual([1, 2, null, 3]);
    expect(statesOf(prepared.panel)).toEqual([observed, observed, missing, observed]);
    expect(prepared.changes).toEqual([]);
    expect(prepared.notes).toEqual([
      '1 series ends before 2024-01-06, to be forecast from its own end: "A".',
    ]);
  });

  it('fills order lines with zeros to the end of the panel, and sums those of a day', () => {
    const prepared = prepare(
      rows(
        [
          ['A', '2024-01-01 09:00', 2],
          ['A', '2024-01-01 17:30', 3],
          ['A', '2024-01-03 11:00', 4],
          ['B', '2024-01-02 10:00', 1],
          ['B', '2024-01-05 10:00', 7],
        ],
        { transactions: true },
      ),
    );
    expect(valuesOf(prepared.panel, 0)).toEqual([5, 0, 4, 0, 0]);
    expect(valuesOf(prepared.panel, 1)).toEqual([1, 0, 0, 7]);
    expect(statesOf(prepared.panel, 0)).toEqual([observed, observed, observed, observed, observed]);
    expect(prepared.changes).toEqual([
      { what: 'several order lines in one day summed', cells: 1, series: 1 },
      { what: 'days without a row set to 0: nothing was sold', cells: 5, series: 2 },
    ]);
  });

  it('trims leading zeros, but keeps a series of zeros', () => {
    const list = [
      ...series('A', dates('2024-01-01', 5), (k) => (k < 2 ? 0 : k)),
      ...series('B', dates('2024-01-01', 3), () => 0),
    ];
    const prepared = prepare(rows(list));
    expect([valuesOf(prepared.panel, 0), valuesOf(prepared.panel, 1)]).toEqual([
      [2, 3, 4],
      [0, 0, 0],
    ]);
    expect(startOf(prepared.panel)).toBe('2024-01-03');
    expect(changed(prepared, /leading zeros/)).toMatchObject({ cells: 2, series: 1 });
    expect(valuesOf(prepare(rows(list), { leadingZeros: 'keep' }).panel)).toEqual([0, 0, 2, 3, 4]);
  });

  it('leaves out series without values or with too few, and says which', () => {
    const list = [
      ...series('A', dates('2024-01-01', 5), (k) => k + 1),
      ...series('B', dates('2024-01-01', 5), () => null),
      ...series('C', dates('2024-01-01', 2), () => 1),
    ];
    const prepared = prepare(rows(list), { minimum: 3 });
    expect(prepared.panel.ids).toEqual(['A']);
    expect(prepared.notes).toEqual([
      '1 series without any value left out: "B".',
      '1 series with fewer than 3 observed values left out: "C".',
    ]);
    expect(() => prepare(rows(list.slice(5, 10)))).toThrow('column "units" has no value in any row');
  });

  it('says which empty rows serve nothing', () => {
    const list = series('A', dates('2024-01-01', 7), (k) => (k === 0 || k > 4 ? null : 5));
    const prepared = prepare(rows(list));
    expect(valuesOf(prepared.panel)).toEqual([5, 5, 5, 5]);
    expect(prepared.notes).toEqual([
      '3 rows with an empty units before the first or after the last value of a series left out.',
    ]);
  });

  it('refuses a date that makes the grid burst, naming the row', () => {
    const list = Array.from({ length: 100 }, (_, k) => [
      ...series(`A${k}`, dates('2024-01-01', 3), () => 1),
      ...(k === 7 ? ([[`A${k}`, '9999-12-31', 1]] as const) : []),
    ]).flat();
    expect(() => prepare(rows(list), { freq: 'D', ends: 'panel' })).toThrow(
      'series "A7" jumps from 2024-01-03 to 9999-12-31 at sales.csv, row 26',
    );
  });

  it('loses no observed value, whatever the rows', () => {
    const anyRow = fc.tuple(
      fc.constantFrom('A', 'B', 'C'),
      fc.integer({ min: 0, max: 400 }).map((d) => dates('2023-01-01', 401)[d]!),
      fc.integer({ min: -5, max: 50 }),
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(anyRow, { minLength: 1, maxLength: 60, selector: (r) => `${r[0]} ${r[1]}` }),
        fc.constantFrom('D', 'W-TUE', 'MS', 'QS'),
        (list, freq) => {
          const { panel } = prepare(rows(list), { freq, partial: 'keep', closed: 'none' });
          const total = panel.y.reduce((sum, v) => sum + (Number.isNaN(v) ? 0 : v), 0);
          expect(total).toBe(list.reduce((sum, [, , y]) => sum + y, 0));
          if (freq !== 'D') return;
          for (const [id, ds, y] of list) {
            const i = panel.ids.indexOf(id);
            const at = dates(startOf(panel, i), 500).indexOf(ds);
            // Only leading zeros are no history.
            if (at < 0) expect(y).toBe(0);
            else expect(valuesOf(panel, i)[at]).toBe(y);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('several rows of one period', () => {
  const doubled: Row[] = [
    ['A', '2024-01-01', 1],
    ['A', '2024-01-02', 2],
    ['A', '2024-01-02', 5],
    ['A', '2024-01-03', 4],
  ];

  it('are refused with both rows and the cure', () => {
    expect(() => prepare(rows(doubled))).toThrow(
      'sales.csv, rows 3 and 4: series "A" has two values for 2024-01-02; pass --duplicates sum (or mean, last).',
    );
  });

  it.each([
    ['sum', 7],
    ['mean', 3.5],
    ['first', 2],
    ['last', 5],
    ['min', 2],
    ['max', 5],
  ] as const)('%s to %s', (duplicates, value) => {
    const prepared = prepare(rows(doubled), { duplicates });
    expect(valuesOf(prepared.panel)).toEqual([1, value, 4]);
    expect(prepared.changes).toHaveLength(1);
  });

  it('are no duplicates where only one has a value', () => {
    const { panel } = prepare(rows([...doubled.slice(0, 2), ['A', '2024-01-02', null], doubled[3]!]));
    expect(valuesOf(panel)).toEqual([1, 2, 4]);
  });

  it('are summed into a coarser frequency; ends covered in part are left out', () => {
    const list = series('A', dates('2024-01-03', 40), () => 1); // Wednesday … Sunday 11 February
    const prepared = prepare(rows(list.slice(0, -2)), { freq: 'W' });
    expect(valuesOf(prepared.panel)).toEqual([7, 7, 7, 7]);
    expect(startOf(prepared.panel)).toBe('2024-01-14');
    expect(prepared.notes.filter((n) => n.includes('left out'))).toEqual([
      'the week 2024-01-07 is left out, because the data covers only 71% of it (1 cell); keep it with the option partial: keep.',
      'the week 2024-02-11 is left out, because the data covers only 71% of it (1 cell); keep it with the option partial: keep.',
    ]);
    expect(valuesOf(prepare(rows(list), { freq: 'W', partial: 'keep' }).panel)).toEqual([5, 7, 7, 7, 7, 7]);
  });

  it('make a whole week without the weekdays on which the shop is shut', () => {
    const open = dates('2024-01-01', 26).filter((_, k) => k % 7 < 6); // Monday … Friday 26 January
    const list = series('A', open, () => 1);
    expect(valuesOf(prepare(rows(list), { freq: 'W' }).panel)).toEqual([6, 6, 6]);
    const withSaturday: Row[] = [...list, ['A', '2024-01-27', 1]];
    expect(valuesOf(prepare(rows(withSaturday), { freq: 'W' }).panel)).toEqual([6, 6, 6, 6]);
  });
});

describe('covariates', () => {
  it('go beyond the end of y where rows have no target', () => {
    const list: Row[] = [
      ...dates('2024-01-01', 4).map((ds, k) => ['A', ds, k + 1, { price: 10 + k }] as const),
      ...dates('2024-01-05', 3).map((ds, k) => ['A', ds, null, { price: 20 + k }] as const),
      ...dates('2024-01-01', 6).map((ds, k) => ['B', ds, k < 5 ? 1 : null, { price: 5 }] as const),
    ];
    const { panel } = prepare(rows(list, { known: ['price'] }));
    expect(panel.reach).toBe(3);
    expect(valuesOf(panel, 0)).toEqual([1, 2, 3, 4]);
    expect(knownOf(panel, 0)).toEqual([10, 11, 12, 13, 20, 21, 22]);
    expect(knownOf(panel, 1)).toEqual([5, 5, 5, 5, 5, 5, Number.NaN, Number.NaN]);
  });

  it('are filled in periods without a row: prices carried, flags 0, categories unknown, the calendar from others', () => {
    const columns = (k: number, id: string) => ({
      price: id === 'A' ? 10 + k : 3,
      promo: id === 'A' && k === 1 ? 1 : 0,
      kind: id === 'A' ? 'x' : 'y',
      holiday: k === 2 ? 1 : 0,
    });
    const days = dates('2024-01-01', 6);
    const list: Row[] = [
      ...days.flatMap((ds, k) => (k === 2 ? [] : [['A', ds, 1, columns(k, 'A')] as const])),
      ...days.map((ds, k) => ['B', ds, 1, columns(k, 'B')] as const),
    ];
    const prepared = prepare(rows(list, { known: ['price', 'promo', 'kind', 'holiday'] }));
    const { panel } = prepared;
    expect(knownOf(panel, 0, 0)).toEqual([10, 11, 11, 13, 14, 15]);
    expect(knownOf(panel, 0, 1)).toEqual([0, 1, 0, 0, 0, 0]);
    expect(knownOf(panel, 0, 2)).toEqual([0, 0, Number.NaN, 0, 0, 0]);
    expect(knownOf(panel, 0, 3)).toEqual([0, 0, 1, 0, 0, 0]);
    expect(prepared.notes).toContain('"price": 1 period without a value carried forward.');
    expect(prepared.notes).toContain('"kind" is unknown in 1 period of the past.');
  });

  it('of the calendar serve series that end early, without their own rows', () => {
    const days = dates('2024-01-01', 8);
    const list: Row[] = [
      ...days.slice(0, 3).map((ds, k) => ['A', ds, 1, { holiday: k % 2 }] as const),
      ...days.map((ds, k) => ['B', ds, k < 6 ? 1 : null, { holiday: k % 2 }] as const),
    ];
    const { panel } = prepare(rows(list, { known: ['holiday'] }));
    expect(panel.reach).toBe(5);
    expect(knownOf(panel, 0)).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
  });

  it('of several rows are averaged, flags taken when any is up, past-only gaps left unknown', () => {
    const list: Row[] = [
      ['A', '2024-01-01 08:00', 1, { price: 4, promo: 0, visits: 5 }],
      ['A', '2024-01-01 09:00', 1, { price: 6, promo: 1, visits: 7 }],
      ['A', '2024-01-03 09:00', 1, { price: 8, promo: 0, visits: 9 }],
    ];
    const { panel } = prepare(
      rows(list, { known: ['price', 'promo'], past: ['visits'], transactions: true }),
    );
    expect(knownOf(panel, 0, 0)).toEqual([5, 5, 8]);
    expect(knownOf(panel, 0, 1)).toEqual([1, 0, 0]);
    expect(Array.from(panel.pastOnly[0]!.values)).toEqual([6, Number.NaN, 9]);
  });
});

describe('cell states', () => {
  /** Ten order lines a day, none on Sundays, none on 10 and 11 April. */
  const orders = (): Row[] =>
    dates('2024-03-04', 70)
      .filter((ds, k) => k % 7 !== 6 && ds !== '2024-04-10' && ds !== '2024-04-11')
      .flatMap((ds) => Array.from({ length: 10 }, (_, n) => [n < 8 ? 'A' : 'B', ds, 1] as const));

  it('reads closed weekdays and dates of a shop from its order lines', () => {
    const prepared = prepare(rows(orders(), { transactions: true }));
    const { panel } = prepared;
    expect(panel.closedWeekdays).toEqual([6]);
    const states = statesOf(panel);
    expect(states.filter((s) => s === closed)).toHaveLength(9 + 2);
    expect(states[6]).toBe(closed);
    expect(states[37]).toBe(closed);
    expect(states.includes(missing)).toBe(false);
    expect(changed(prepared, /^closed days/)).toMatchObject({ cells: 22, series: 2 });
    expect(changed(prepared, /set to 0/)).toBeUndefined();
  });

  it('keeps zeros where closures are not looked for, or the rows are too few to tell', () => {
    const { panel } = prepare(rows(orders(), { transactions: true }), { closed: 'none' });
    expect(valuesOf(panel).filter((v) => v === 0)).toHaveLength(11);
    const sparse = series('A', dates('2024-03-04', 12, 9), () => 1);
    expect(statesOf(prepare(rows(sparse, { transactions: true })).panel)).not.toContain(closed);
  });

  it('does not take a written zero for a closed day', () => {
    const list = series('A', dates('2024-01-01', 84), (k) => (k % 7 === 6 ? 0 : 3));
    expect(prepare(rows(list)).panel.closedWeekdays).toEqual([]);
  });

  it('reads closures from a column, in numbers or words, by its name', () => {
    const values = [3, 0, 4, 2];
    const with_ = (column: string, words: readonly (string | number)[]) =>
      rows(
        dates('2024-01-01', 4).map((ds, k) => ['A', ds, values[k]!, { [column]: words[k]! }] as const),
        { past: [column] },
      );
    const expected = [observed, closed, observed, observed];
    expect(statesOf(prepare(with_('Open', [1, 0, 1, 0]), { closed: 'Open' }).panel)).toEqual(expected);
    expect(statesOf(prepare(with_('closed', [0, 1, 0, 0]), { closed: 'closed' }).panel)).toEqual(expected);
    const shop = with_('shop', ['open', 'closed', 'open', 'open']);
    const prepared = prepare(shop, { closed: 'shop' });
    expect(statesOf(prepared.panel)).toEqual(expected);
    expect(prepare(with_('Open', [1, 0, 1, 0]), { closed: 'Open' }).notes).toContain(
      '1 cell sold something though "Open" says closed; kept as observed.',
    );
    expect(() => prepare(with_('shop', ['open', 'maybe', 'open', 'open']), { closed: 'shop' })).toThrow(
      'the value "maybe", which says neither open nor closed',
    );
    expect(() => prepare(shop, { closed: 'shopp' })).toThrow('Did you mean "shop"?');
  });

  it('reads stock-outs, carried through days without a row, and keeps what still sold', () => {
    const stock = (on: number) => ({ stock: on });
    const list: Row[] = [
      ['A', '2024-01-01', 3, stock(5)],
      ['A', '2024-01-02', 5, stock(0)],
      ['A', '2024-01-03', 0, stock(0)],
      ['A', '2024-01-06', 2, stock(8)],
      ['A', '2024-01-07', 0, stock(8)],
      ['A', '2024-01-08', 1, stock(7)],
    ];
    const prepared = prepare(rows(list, { past: ['stock'] }), { stock: 'stock', gaps: 'zero' });
    expect(valuesOf(prepared.panel)).toEqual([3, 5, null, null, null, 2, 0, 1]);
    expect(statesOf(prepared.panel).slice(2, 5)).toEqual([stockOut, stockOut, stockOut]);
    expect(changed(prepared, /^stock-outs/)).toMatchObject({ cells: 3, series: 1 });
    expect(prepared.notes.some((n) => n.startsWith('1 cell sold out within the period'))).toBe(true);
  });
});

describe('options', () => {
  const plain = rows(series('A', dates('2024-01-01', 5), (k) => k));

  it('that are unknown are refused with what was meant', () => {
    expect(() => prepare(plain, { gap: 'zero' } as never)).toThrow('Did you mean "gaps"?');
    expect(() => prepare(plain, { gaps: 'linnear' as never })).toThrow('Did you mean "linear"?');
    expect(() => prepare(plain, { minimum: 1.5 })).toThrow('give a whole number, 0 or more');
  });

  it('and values that are infinite are refused with their row', () => {
    const list = series('A', dates('2024-01-01', 5), (k) => (k === 2 ? Number.POSITIVE_INFINITY : 1));
    expect(() => prepare(rows(list))).toThrow('sales.csv, row 4: column "units" is Infinity');
  });
});
