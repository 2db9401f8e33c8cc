import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assembleLong } from '../../src/collect/assemble-long.ts';
import { type Database, literal, openDatabase } from '../../src/collect/database.ts';
import { PLAIN } from '../../src/collect/numbers.ts';
import { type LongPlan, planTable } from '../../src/collect/plan.ts';
import { loadColumns, type Stack, stackTables, takeSample } from '../../src/collect/raw-table.ts';
import { shown } from './scratch.ts';

let db: Database;
beforeAll(async () => {
  db = await openDatabase('/tmp');
});
afterAll(() => db.close());

let made = 0;
async function stack(names: string[], rows: (string | null)[][], type = 'VARCHAR'): Promise<Stack> {
  const table = `t${made++}`;
  const cells = rows.map(
    (row) => `(${row.map((cell) => (cell === null ? 'NULL' : literal(cell))).join(', ')})`,
  );
  const columns = names.map((_, i) => `CAST(c${i} AS ${type}) AS c${i}`).join(', ');
  const list = names.map((_, i) => `c${i}`).join(', ');
  await db.run(`CREATE TABLE ${table} AS SELECT ${columns} FROM (VALUES ${cells.join(', ')}) v(${list})`);
  const types = names.map(() => type);
  const where = (row: number): string => `file, row ${row + 2}`;
  return stackTables(
    db,
    [{ label: 'file', table, names, types, rows: rows.length, where, notes: [] }],
    'all',
  );
}

describe('moments read as numbers', () => {
  const texts = [
    '2024-02-29 13:05:09',
    '2024-02-29T13:05',
    null,
    '1969-12-31 23:59:59.250',
    '2024-01-01 00:00:00.1239',
  ];
  const expected = [
    Date.UTC(2024, 1, 29, 13, 5, 9),
    Date.UTC(2024, 1, 29, 13, 5),
    Number.NaN,
    -750,
    Date.UTC(2024, 0, 1, 0, 0, 0, 123),
  ];

  it('are those that the parser of texts gives, from text and from timestamps', async () => {
    const rows = texts.map((text) => [text]);
    for (const type of ['VARCHAR', 'TIMESTAMP', 'TIMESTAMP_NS']) {
      const table = await loadColumns(db, await stack(['at'], rows, type), [
        { name: 'at', as: 'time', style: PLAIN },
      ]);
      expect(table.columns.get('at'), type).toEqual({ kind: 'number', values: Float64Array.from(expected) });
    }
  });

  it.each(['2024-02-30 10:00:00', '2024-02-29 10:00:00Z', '29.02.2024 10:00'])(
    'become text where one of them is %s, for its parser to refuse or to read',
    async (odd) => {
      const raw = await stack(['at'], [...texts.map((text) => [text]), [odd]]);
      const table = await loadColumns(db, raw, [{ name: 'at', as: 'time', style: PLAIN }]);
      const column = table.columns.get('at');
      expect(column?.kind).toBe('text');
      if (column?.kind === 'text') expect(column.levels[column.codes[5]!]).toBe(odd);
    },
  );

  it('make the same observations as texts do', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => [
      `2024-01-${String((i % 20) + 1).padStart(2, '0')} ${String((i * 7) % 24).padStart(2, '0')}:${String((i * 13) % 60).padStart(2, '0')}:00`,
      `s${i % 3}`,
      String((i % 5) - 1),
      `o${i}`,
    ]);
    const raw = await stack(['at', 'sku', 'qty', 'order_id'], [...rows, rows[0]!]);
    const plan = planTable(await takeSample(db, raw), {}) as LongPlan;
    const read = async (as: 'text' | 'time') => {
      const requests = plan.requests.map((request) => (request.name === 'at' ? { ...request, as } : request));
      return assembleLong(await loadColumns(db, raw, requests), plan, {});
    };
    const fromNumbers = await read('time');
    expect(fromNumbers.transactions).toBe(true);
    expect(shown(fromNumbers)).toEqual(shown(await read('text')));
    expect(fromNumbers.notes).toEqual((await read('text')).notes);
  });
});
