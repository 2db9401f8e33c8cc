// What a panel is made of, for its file and for its name: the manifest and the hash of the content.
import { createHash, type Hash } from 'node:crypto';
import { DataError } from '../core/errors.ts';
import type { Column, Panel } from '../core/panel.ts';
import { FORMAT } from './store.ts';

/** Columns of the Parquet parts that every panel has; covariates of the same name are renamed. */
const HISTORY_COLUMNS = ['unique_id', 'ds', 'y', 'state'];
const SERIES_COLUMNS = ['unique_id', 'start', 'cells'];

export type AboutColumn = Pick<Column, 'name' | 'levels'> & {
  /** Its name in the Parquet file, where its own would clash. */
  readonly column: string;
};

/** `panel.json`: what the Parquet parts beside it hold. */
export interface PanelManifest extends Pick<Panel, 'freq' | 'target' | 'reach' | 'closedWeekdays'> {
  readonly format: typeof FORMAT;
  readonly series: number;
  readonly cells: number;
  readonly knownFuture: readonly AboutColumn[];
  readonly pastOnly: readonly AboutColumn[];
  readonly statics: readonly AboutColumn[];
}

/** Names columns so that none clashes with the taken ones; SQL does not tell capitals from small letters. */
function columnNames(columns: readonly Pick<Column, 'name' | 'levels'>[], taken: string[]): AboutColumn[] {
  return columns.map(({ name, levels }) => {
    let column = name === '' ? 'column' : name;
    for (let k = 2; taken.includes(column.toLowerCase()); k++) column = `${name || 'column'}_${k}`;
    taken.push(column.toLowerCase());
    return { name, column, ...(levels ? { levels } : {}) };
  });
}

/** The manifest of a panel. */
export function describePanel(panel: Panel): PanelManifest {
  const { freq, target, reach, closedWeekdays } = panel;
  const taken = [...HISTORY_COLUMNS];
  return {
    format: FORMAT,
    freq,
    target,
    reach,
    closedWeekdays,
    series: panel.ids.length,
    cells: panel.y.length,
    knownFuture: columnNames(panel.knownFuture, taken),
    pastOnly: columnNames(panel.pastOnly, taken),
    statics: columnNames(panel.statics, [...SERIES_COLUMNS]),
  };
}

/** Hashes values, not bits: every NaN alike, and −0 as 0. */
function hashNumbers(hash: Hash, values: Float64Array): void {
  const block = new Float64Array(8192);
  for (let from = 0; from < values.length; from += block.length) {
    const count = Math.min(block.length, values.length - from);
    for (let k = 0; k < count; k++) {
      const value = values[from + k]!;
      block[k] = Number.isNaN(value) ? Number.NaN : value + 0;
    }
    hash.update(block.subarray(0, count));
  }
}

/** The name under which a panel is stored: 20 hexadecimal digits of the SHA-256 of its content. */
export function panelId(panel: Panel): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify(describePanel(panel)));
  hash.update(JSON.stringify(panel.ids));
  // Copied, as a hash does not take shared memory everywhere.
  hash.update(new Uint32Array(panel.offsets)).update(new Int32Array(panel.start));
  hashNumbers(hash, panel.y);
  hash.update(new Uint8Array(panel.state));
  for (const { values } of [...panel.knownFuture, ...panel.pastOnly, ...panel.statics])
    hashNumbers(hash, values);
  return hash.digest('hex').slice(0, 20);
}

/** Codes must have a level and levels must differ, or text could not be turned back into codes. */
export function checkCategories({ name, levels, values }: Column): void {
  if (!levels) return;
  if (levels.length !== new Set(levels).size) {
    const twice = levels.find((level, k) => levels.indexOf(level) !== k);
    throw new DataError(`column "${name}" has the level "${twice}" twice; give each level once.`);
  }
  for (let k = 0; k < values.length; k++) {
    const code = values[k]!;
    if (Number.isNaN(code) || (Number.isInteger(code) && code >= 0 && code < levels.length)) continue;
    throw new DataError(
      `column "${name}" holds ${code}, which is none of its ${levels.length} levels' codes.`,
    );
  }
}
