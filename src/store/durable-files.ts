// Files and folders that are there whole or not at all: written beside their place, synced, then renamed.
import { createHash, randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** The disk refuses: full, read-only or not ours; the program exits with code 1. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly exitCode = 1;
}

const REASONS: readonly [RegExp, string][] = [
  [/ENOSPC|No space left/i, 'the disk is full; free some space and try again'],
  [/EDQUOT|quota/i, 'the disk quota is used up; free some space and try again'],
  [/EROFS|Read-only file system/i, 'the disk is read-only; choose another folder'],
  [/EACCES|EPERM|Permission denied/i, 'permission is denied; change its owner or choose another folder'],
  [/ENOTDIR|EEXIST|Not a directory/i, 'a file is in the way; move it or choose another folder'],
  [/ENOENT|No such file/i, 'its folder is not there; make it first'],
  [/EMFILE|ENFILE/i, 'too many files are open; close some programs and try again'],
];

/** Turns what the system or DuckDB says of a file into one sentence; errors of another kind stay as they are. */
export function storeError(error: unknown, path: string): unknown {
  const { message = '', code = '' } = error as { message?: string; code?: string };
  const known = REASONS.find(([pattern]) => pattern.test(code || message));
  if (error instanceof StoreError || !known || !(code || /^IO Error/.test(message))) return error;
  return new StoreError(`cannot use ${path}: ${known[1]}.`, { cause: error });
}

/** Names this machine and, on Linux, its process namespace: only there does a process number mean anything. */
function machine(): string {
  let namespace = '';
  try {
    namespace = readlinkSync('/proc/self/ns/pid');
  } catch {
    // Elsewhere the host name has to do.
  }
  return createHash('sha256').update(`${hostname()} ${namespace}`).digest('hex').slice(0, 8);
}

const TEMPORARY = /^\.tmp-([0-9a-f]{8})-(\d+)-[0-9a-f]{12}(?:-|$)/;
/** What another machine left behind is taken for abandoned after a day. */
const ABANDONED_MS = 86_400_000;

/** A name that nobody else uses; it ends with `last`, so that a file keeps its extension. */
export const temporaryName = (last = ''): string =>
  `.tmp-${machine()}-${process.pid}-${randomBytes(6).toString('hex')}${last === '' ? '' : `-${last}`}`;

export const isTemporary = (name: string): boolean => TEMPORARY.test(name);

/** Whether the process that made a temporary name is gone. `age` is how long ago it last changed, in ms. */
export function isAbandoned(name: string, age: number): boolean {
  const [, host, pid] = TEMPORARY.exec(name) ?? [];
  if (age > ABANDONED_MS) return true;
  if (host !== machine()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a rename in the folder last through a power cut. Windows cannot open folders and needs no such call. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * Writes a folder of files so that it appears whole or not at all: `write` fills a temporary folder, whose files
 * are synced to disk before it is renamed to its place. Returns false, and leaves what is there, where a folder
 * of that name exists.
 */
export async function publishFolder(
  parent: string,
  name: string,
  write: (folder: string) => Promise<void>,
): Promise<boolean> {
  const temporary = join(parent, temporaryName());
  try {
    await mkdir(parent, { recursive: true });
    await mkdir(temporary);
    await write(temporary);
    for (const file of await readdir(temporary)) await syncFile(join(temporary, file));
    await syncFolder(temporary);
    if ((await moveFolder(temporary, join(parent, name))) === 'moved') return true;
    await rm(temporary, { recursive: true, force: true });
    return false;
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw storeError(error, join(parent, name));
  }
}

/** Renames a folder, for good, unless its new place is taken or another process has moved it away. */
export async function moveFolder(from: string, to: string): Promise<'moved' | 'taken' | 'gone'> {
  try {
    await rename(from, to);
  } catch (error) {
    if (await exists(to)) return 'taken';
    if (!(await exists(from))) return 'gone';
    throw error;
  }
  await syncFolder(dirname(to));
  return 'moved';
}

export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Writes one file, whatever was there before, so that readers see the old or the new one and never a half. */
export async function publishFile(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = join(dirname(path), temporaryName(basename(path)));
  try {
    await write(temporary);
    await syncFile(temporary);
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw storeError(error, path);
  }
}

/** Bytes of the files in a folder; 0 where it is gone. */
export async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    bytes += (await stat(join(folder, name)).catch(() => undefined))?.size ?? 0;
  }
  return bytes;
}
