// Observations from files: CSV, TSV, JSON, NDJSON and Parquet, gzipped or not, one or many, or standard input.
import { existsSync, statSync } from 'node:fs';
import { access, constants, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { DataError, nearest, UsageError } from '../core/errors.ts';
import type { Observations } from '../core/observations.ts';
import { assembleWide } from './assemble.ts';
import { assembleLong } from './assemble-long.ts';
import { readCsv } from './csv.ts';
import { type Database, literal, openDatabase } from './database.ts';
import type { Further } from './further-tables.ts';
import { readJson } from './json.ts';
import { checkOptions, type Format, type ReadOptions } from './options.ts';
import { readParquet } from './parquet.ts';
import { type LongPlan, numberNotes, planFurther, planTable } from './plan.ts';
import { loadColumns, type Stack, stackTables, takeSample } from './raw-table.ts';
import { sniff } from './sniff.ts';
import type { RawTable, ReadSource } from './source.ts';
import { readHead, spool } from './spool.ts';
import type { Sample } from './table.ts';

const READERS: Record<Format, ReadSource> = {
  csv: readCsv,
  tsv: readCsv,
  json: readJson,
  ndjson: readJson,
  parquet: readParquet,
};

/**
 * Reads sales from files into observations, sorted by series and time. `paths` are file names, patterns such as
 * `sales-*.csv`, or `-` for standard input; the rows of all of them are one table. Columns that the options do not
 * name are guessed, and the guesses told in `notes`.
 * Throws a UsageError for a missing file, an unknown option or column; a DataError, which names file, row and
 * value, for data that cannot be read.
 */
export async function readFiles(
  paths: string | readonly string[],
  options: ReadOptions = {},
): Promise<Observations> {
  checkOptions('readFiles', options, true);
  const folder = await mkdtemp(join(tmpdir(), 'bellwether-'));
  let db: Database | undefined;
  try {
    db = await openDatabase(folder);
    return await read(db, folder, typeof paths === 'string' ? [paths] : paths, options);
  } finally {
    db?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function read(
  db: Database,
  folder: string,
  paths: readonly string[],
  options: ReadOptions,
): Promise<Observations> {
  const main = await openStack(db, folder, paths, options, 'main');
  const joins: { stack: Stack; sample: Sample }[] = [];
  const joined =
    options.join === undefined ? [] : typeof options.join === 'string' ? [options.join] : options.join;
  for (const [i, path] of joined.entries())
    joins.push(await openStack(db, folder, [path], options, `join${i}`));
  const plan = planTable(
    main.sample,
    options,
    joins.flatMap(({ stack }) => stack.names),
  );
  const table = await loadColumns(db, main.stack, plan.requests);
  let observations: Observations;
  if (plan.kind === 'wide') {
    if (options.future !== undefined || joins.length > 0) {
      throw new UsageError(
        `${main.stack.label} is wide, so future and join have nothing to match on; bring it into long form.`,
      );
    }
    observations = assembleWide(table, plan, options);
  } else {
    const roles = [...(plan.roles.id ?? []), plan.roles.time, plan.roles.target];
    refuseLackingFiles(main.stack, roles);
    const further: Further[] = [];
    for (const one of joins) further.push(await openFurther(db, one, plan, options));
    const future =
      options.future === undefined
        ? undefined
        : await openFurther(
            db,
            await openStack(db, folder, [options.future], options, 'future'),
            plan,
            options,
          );
    observations = assembleLong(table, plan, options, { future, joins: further });
  }
  const notes = [...main.stack.notes, ...joins.flatMap(({ stack }) => stack.notes)];
  return { ...observations, notes: [...notes, ...numberNotes(plan), ...observations.notes] };
}

async function openFurther(
  db: Database,
  { stack, sample }: { stack: Stack; sample: Sample },
  plan: LongPlan,
  options: ReadOptions,
): Promise<Further> {
  const further = planFurther(sample, plan, options.decimal);
  return { table: await loadColumns(db, stack, further.requests), plan: further };
}

/** A column that one of several files lacks may be empty there, but not the id, the time or the target. */
function refuseLackingFiles(stack: Stack, roles: readonly string[]): void {
  for (const part of stack.parts) {
    const lacking = roles.find((name) => !part.names.includes(name));
    if (lacking !== undefined) {
      throw new DataError(
        `${part.label} has no column "${lacking}", which ${stack.parts[0] === part ? 'the other files have' : `${stack.parts[0]!.label} has`}; add it, or leave the file out.`,
      );
    }
  }
}

/** Opens files as one table and looks at it. */
async function openStack(
  db: Database,
  folder: string,
  paths: readonly string[],
  options: ReadOptions,
  name: string,
): Promise<{ stack: Stack; sample: Sample }> {
  const files = await findFiles(db, paths);
  const repeated = new Set(files.map(labelOf)).size < files.length;
  const parts: RawTable[] = [];
  for (const [i, path] of files.entries()) {
    const label = repeated && path !== '-' ? path : labelOf(path);
    let place = path;
    if (path === '-') {
      place = join(folder, `${name}-${i}-input`);
      await spool(process.stdin, place);
    }
    const head = await readHead(place, label);
    // A format that was named is that of the sales; files beside them may have another.
    const sniffed = sniff(head.bytes, label, path, name === 'main' ? options.format : undefined);
    const spare = join(folder, `${name}-${i}-copy`);
    const file = { label, path: place, gzip: head.gzip, sniffed, spare, fleeting: path === '-' };
    parts.push(await READERS[sniffed.format](db, file, `${name}_${i}`, options));
  }
  const stack = await stackTables(db, parts, name);
  return { stack, sample: await takeSample(db, stack) };
}

const labelOf = (path: string): string => (path === '-' ? 'standard input' : basename(path));

/** Resolves patterns, and refuses what is not there or cannot be opened. */
async function findFiles(db: Database, paths: readonly string[]): Promise<string[]> {
  if (paths.length === 0)
    throw new UsageError('no file to read; name one, such as sales.csv, or - for standard input.');
  const files: string[] = [];
  for (const path of paths) {
    if (path === '-') files.push(path);
    else if (existsSync(path)) {
      if (statSync(path).isDirectory()) {
        throw new UsageError(
          `"${path}" is a folder; name the files in it, such as "${join(path, '*.csv')}".`,
        );
      }
      try {
        await access(path, constants.R_OK);
      } catch {
        throw new UsageError(`"${path}" may not be read by this user; change its permissions.`);
      }
      files.push(path);
    } else if (/[*?[]/.test(path)) {
      const found = (await db.rows(`SELECT file FROM glob(${literal(path)}) ORDER BY file`)).map((row) =>
        String(row[0]),
      );
      if (found.length === 0)
        throw new UsageError(`no file matches "${path}"; check the folder and the ending.`);
      files.push(...found);
    } else throw new UsageError(`"${path}" does not exist.${await nearbyFile(path)}`);
  }
  return files;
}

async function nearbyFile(path: string): Promise<string> {
  try {
    const near = nearest(basename(path), await readdir(dirname(path)));
    return near === undefined
      ? ' Check the name and the folder.'
      : ` Did you mean "${join(dirname(path), near)}"?`;
  } catch {
    return ` There is no folder "${dirname(path)}" either.`;
  }
}
