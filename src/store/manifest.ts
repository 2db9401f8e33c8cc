// The manifest of a run: everything about it that fits on a page, as JSON that people can read.
import { readFile } from 'node:fs/promises';
import { DataError } from '../core/errors.ts';
import type { Frequency } from '../core/frequency.ts';
import type { ScoreRow } from '../evaluate/scores.ts';
import type { Change } from '../prepare/preparation.ts';
import { decodeState, encodeState } from './plain-data.ts';
import { FORMAT } from './store.ts';

/** What the caller says of a run when saving it. */
export interface RunDraft {
  /** When the run was started, as ISO text; gives the run its id. */
  readonly created: string;
  readonly kind: 'forecast' | 'backtest' | 'train';
  /** The command line or call that made it, for people. */
  readonly command: string;
  /** The version of bellwether. */
  readonly version: string;
  readonly seed: number;
  /** The files the data came from and a hash of their content. */
  readonly source: { readonly files: readonly string[]; readonly fingerprint: string };
  readonly options: Readonly<Record<string, unknown>>;
  /** Periods ahead. */
  readonly h: number;
  /** Interval levels in percent. */
  readonly level: readonly number[];
  /** How the models were chosen: plain data, for reports. */
  readonly selection?: unknown;
  readonly scores: readonly ScoreRow[];
  /** What preparing did to the data. */
  readonly changes: readonly Change[];
  readonly notes: readonly string[];
  /** Wall time of the run. */
  readonly seconds: number;
}

/** A saved run. Its large parts are files beside the manifest; the fields that name them say they are there. */
export interface RunManifest extends RunDraft {
  /** The version of the store's layout. */
  readonly format: typeof FORMAT;
  /** The name of the run's folder: 20261123-1415-k3f9. */
  readonly id: string;
  /** The id of the panel it ran on. */
  readonly panel: string;
  /** What the target is called in the user's file. */
  readonly target: string;
  readonly freq: Frequency;
  readonly series: number;
  /** `forecast.parquet`. */
  readonly forecast?: {
    readonly h: number;
    readonly level: readonly number[];
    readonly probabilities: readonly number[];
  };
  /** `models.parquet` and `settings.json`. */
  readonly models?: { readonly members: number };
  /** `backtest.parquet`. */
  readonly backtest?: {
    readonly models: readonly string[];
    readonly windows: number;
    readonly h: number;
    readonly rows: number;
    /** Whether it has the bounds of the 80 % interval. */
    readonly intervals: boolean;
  };
}

/** The text of a manifest. NaN and infinities, which JSON lacks, are written as `{"$number": "NaN"}`. */
export function manifestText({ id: _, format, ...rest }: RunManifest): string {
  // The id is the folder's name and nothing else, so that a copied folder is a run of its own.
  return `${encodeState({ format, ...rest }, 2)}\n`;
}

const FIELDS: readonly (keyof RunManifest)[] = ['created', 'kind', 'command', 'panel', 'freq', 'scores'];

/** Reads the manifest of run `id`. Throws a DataError that names the file and the cure where it cannot be used. */
export async function readManifest(path: string, id: string): Promise<RunManifest> {
  const cure = `remove the run with "bellwether runs rm ${id}".`;
  let manifest: RunManifest;
  try {
    manifest = decodeState(await readFile(path, 'utf8')) as RunManifest;
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is missing' : 'is not whole';
    throw new DataError(`${path} ${reason}; restore it from a copy or ${cure}`, { cause: error });
  }
  const format: unknown = manifest?.format;
  if (typeof format === 'number' && format > FORMAT) {
    throw new DataError(
      `${path} has format ${format} and this version reads format ${FORMAT}; install a newer bellwether or ${cure}`,
    );
  }
  const absent = FIELDS.find((field) => manifest?.[field] === undefined);
  if (format !== FORMAT || absent !== undefined) {
    const what = format !== FORMAT ? `has the format "${String(format)}"` : `lacks "${absent}"`;
    throw new DataError(`${path} ${what}, so it is no run of bellwether; restore it from a copy or ${cure}`);
  }
  if (Number.isNaN(Date.parse(manifest.created))) {
    throw new DataError(
      `${path} has the time "${manifest.created}", which is no ISO text; correct it or ${cure}`,
    );
  }
  return { ...manifest, id };
}
