// The store: a folder of immutable panels and runs that any number of processes may use at once, without locks.
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../core/errors.ts';
import { storeError } from './durable-files.ts';

/** Plain data: where the store is. Nothing is open, so nothing needs closing. */
export interface Store {
  /** The folder, as it was given. */
  readonly root: string;
}

/** The format that this version writes; it reads no later one. */
export const FORMAT = 1;

export const panelsFolder = (store: Store): string => join(store.root, 'panels');
export const runsFolder = (store: Store): string => join(store.root, 'runs');
export const workFolder = (store: Store): string => join(store.root, 'work');

/**
 * Names a store; `root` defaults to `.bellwether` in the working folder. Nothing is made until something is
 * saved, and a store that does not exist yet is an empty one. Throws a UsageError where `root` is a file.
 */
export async function openStore(root = '.bellwether'): Promise<Store> {
  const found = await stat(root).catch(() => undefined);
  if (found && !found.isDirectory()) {
    throw new UsageError(`the store "${root}" is a file; name a folder, or one that does not exist yet.`);
  }
  return { root };
}

/** Makes the folder of a store, and keeps it out of version control, as it holds data. */
export async function ensureStore(store: Store): Promise<void> {
  try {
    await mkdir(store.root, { recursive: true });
    await writeFile(join(store.root, '.gitignore'), '*\n', { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw storeError(error, store.root);
    const found = await stat(store.root).catch(() => undefined);
    if (!found?.isDirectory()) throw storeError(error, store.root);
  }
}
