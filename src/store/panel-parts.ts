// The Parquet parts of a panel: one row a series, a cell, and a period that known-future columns reach ahead.
import { join } from 'node:path';
import { sharedFloat64 } from '../core/buffer.ts';
import { DataError } from '../core/errors.ts';
import { timestamp } from '../core/frequency.ts';
import { allocatePanel, type Column, type Panel } from '../core/panel.ts';
import type { AboutColumn, PanelManifest } from './panel-content.ts';
import {
  eachRow,
  into,
  onto,
  type ReadColumn,
  readParquet,
  valuesOf,
  type WriteColumn,
  writeParquet,
} from './parquet.ts';

/** The names of CellState's values in the file, in their order. */
const STATES = ['observed', 'missing', 'stock-out', 'closed'];

/** Calls `visit` for each run of rows that belong to one series; row r of series i is offsets[i] + r. */
function eachSpan(
  offsets: Uint32Array,
  from: number,
  count: number,
  visit: (series: number, row: number, length: number) => void,
): void {
  let low = 0;
  let high = offsets.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (offsets[middle]! <= from) low = middle;
    else high = middle;
  }
  for (let i = low, row = from; row < from + count; i++) {
    const length = Math.min(offsets[i + 1]!, from + count) - row;
    if (length > 0) visit(i, row, length);
    row += length;
  }
}

const valueColumn = (
  { column, levels }: AboutColumn,
  fill: (out: Float64Array, from: number) => void,
): WriteColumn =>
  levels ? { name: column, kind: 'category', levels, fill } : { name: column, kind: 'number', fill };

const readColumn = (
  { column, levels }: AboutColumn,
  take: (values: Float64Array, from: number) => void,
): ReadColumn =>
  levels ? { name: column, kind: 'category', levels, take } : { name: column, kind: 'number', take };

async function writeHistory(path: string, panel: Panel, about: PanelManifest): Promise<void> {
  const { freq, ids, offsets, start, y, state, reach } = panel;
  const spans =
    (fillSpan: (out: Float64Array, at: number, series: number, row: number, length: number) => void) =>
    (out: Float64Array, from: number): void =>
      eachSpan(offsets, from, out.length, (i, row, length) => fillSpan(out, row - from, i, row, length));
  await writeParquet(path, y.length, [
    {
      name: 'unique_id',
      kind: 'category',
      levels: ids,
      fill: spans((out, at, i, _, n) => out.fill(i, at, at + n)),
    },
    {
      name: 'ds',
      kind: freq.unit === 'step' ? 'whole' : 'time',
      fill: spans((out, at, i, row, n) => {
        const period = start[i]! + row - offsets[i]!;
        for (let k = 0; k < n; k++) out[at + k] = timestamp(freq, period + k);
      }),
    },
    { name: 'y', kind: 'number', fill: valuesOf(y) },
    { name: 'state', kind: 'category', levels: STATES, fill: eachRow((row) => state[row]!) },
    ...about.knownFuture.map((column, k) => {
      const { values } = panel.knownFuture[k]!;
      const fill = spans((out, at, i, row, n) =>
        out.set(values.subarray(row + i * reach, row + i * reach + n), at),
      );
      return valueColumn(column, fill);
    }),
    ...about.pastOnly.map((column, k) => valueColumn(column, valuesOf(panel.pastOnly[k]!.values))),
  ]);
}

async function writeFuture(path: string, panel: Panel, about: PanelManifest): Promise<void> {
  const { freq, ids, offsets, start, reach } = panel;
  await writeParquet(path, ids.length * reach, [
    { name: 'unique_id', kind: 'category', levels: ids, fill: eachRow((row) => Math.floor(row / reach)) },
    {
      name: 'ds',
      kind: freq.unit === 'step' ? 'whole' : 'time',
      fill: eachRow((row) => {
        const i = Math.floor(row / reach);
        return timestamp(freq, start[i]! + offsets[i + 1]! - offsets[i]! + (row - i * reach));
      }),
    },
    ...about.knownFuture.map((column, k) => {
      const { values } = panel.knownFuture[k]!;
      // Rows before this one: all reaches of earlier series; cells before it: those of this series too.
      const fill = eachRow((row) => values[offsets[Math.floor(row / reach) + 1]! + row]!);
      return valueColumn(column, fill);
    }),
  ]);
}

async function writeSeries(path: string, panel: Panel, about: PanelManifest): Promise<void> {
  const { ids, offsets, start } = panel;
  await writeParquet(path, ids.length, [
    { name: 'unique_id', kind: 'text', text: (i) => ids[i] },
    { name: 'start', kind: 'whole', fill: eachRow((i) => start[i]!) },
    { name: 'cells', kind: 'whole', fill: eachRow((i) => offsets[i + 1]! - offsets[i]!) },
    ...about.statics.map((column, k) => valueColumn(column, valuesOf(panel.statics[k]!.values))),
  ]);
}

/** Writes all parts of a panel into a folder. */
export async function writePanelParts(folder: string, panel: Panel, about: PanelManifest): Promise<void> {
  await writeSeries(join(folder, 'series.parquet'), panel, about);
  await writeHistory(join(folder, 'history.parquet'), panel, about);
  if (hasFuture(about)) await writeFuture(join(folder, 'future.parquet'), panel, about);
}

const hasFuture = ({ reach, knownFuture }: PanelManifest): boolean => reach > 0 && knownFuture.length > 0;

function requireRows(path: string, found: number, wanted: number): void {
  if (found === wanted) return;
  throw new DataError(
    `${path} has ${found} rows where ${wanted} belong; restore it from a copy or import the data anew.`,
  );
}

/** Reads what `writePanelParts` wrote, on shared memory. */
export async function readPanelParts(folder: string, about: PanelManifest): Promise<Panel> {
  const { freq, target, reach, closedWeekdays, series, cells } = about;
  const file = (name: string): string => join(folder, `${name}.parquet`);
  const ids: string[] = [];
  const start = new Int32Array(series);
  const lengths = new Int32Array(series);
  const statics = about.statics.map((column) => ({ ...nameOf(column), values: sharedFloat64(series) }));
  const seriesRows = await readParquet(file('series'), [
    { name: 'unique_id', kind: 'text', take: onto(ids, '') },
    { name: 'start', kind: 'whole', take: into(start) },
    { name: 'cells', kind: 'whole', take: into(lengths) },
    ...about.statics.map((column, k) => readColumn(column, into(statics[k]!.values))),
  ]);
  requireRows(file('series'), seriesRows, series);

  const panel = allocatePanel({ freq, ids, target, reach, closedWeekdays, statics }, lengths, {
    knownFuture: about.knownFuture.map(nameOf),
    pastOnly: about.pastOnly.map(nameOf),
  });
  panel.start.set(start);
  const { offsets } = panel;
  requireRows(file('history'), panel.y.length, cells);
  const historyRows = await readParquet(file('history'), [
    { name: 'y', kind: 'number', take: into(panel.y) },
    { name: 'state', kind: 'category', levels: STATES, take: into(panel.state) },
    ...about.knownFuture.map((column, k) => {
      const { values } = panel.knownFuture[k]!;
      return readColumn(column, (chunk, from) =>
        eachSpan(offsets, from, chunk.length, (i, row, n) =>
          values.set(chunk.subarray(row - from, row - from + n), row + i * reach),
        ),
      );
    }),
    ...about.pastOnly.map((column, k) => readColumn(column, into(panel.pastOnly[k]!.values))),
  ]);
  requireRows(file('history'), historyRows, cells);

  if (hasFuture(about)) {
    const futureRows = await readParquet(
      file('future'),
      about.knownFuture.map((column, k) => {
        const { values } = panel.knownFuture[k]!;
        return readColumn(column, (chunk, from) => {
          for (let r = 0; r < chunk.length; r++) {
            const row = from + r;
            values[offsets[Math.floor(row / reach) + 1]! + row] = chunk[r]!;
          }
        });
      }),
    );
    requireRows(file('future'), futureRows, series * reach);
  }
  return panel;
}

const nameOf = ({ name, levels }: AboutColumn): Pick<Column, 'name' | 'levels'> => ({
  name,
  ...(levels ? { levels } : {}),
});
