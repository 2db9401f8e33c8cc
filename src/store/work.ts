// Unfinished work: pieces of a run that takes long, kept until the run is saved, so that it can be taken up again.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Checkpoint } from '../core/checkpoint.ts';
import type { Panel } from '../core/panel.ts';
import { isTemporary, publishFile, storeError } from './durable-files.ts';
import { panelId } from './panel-content.ts';
import { encodeState } from './plain-data.ts';
import { ensureStore, type Store, workFolder } from './store.ts';

export interface Work extends Checkpoint {
  /** How many pieces are there now. */
  pieces(): number;
  /** Removes all of it: the work is done. */
  remove(): Promise<void>;
}

const ENDING = '.piece';

/**
 * Opens the unfinished work on a panel with the given options, or begins it. Work on other data, with other
 * options or by another version is other work. Nothing is written before the first piece is.
 */
export async function openWork(
  store: Store,
  panel: Panel,
  options: Readonly<Record<string, unknown>>,
  version: string,
): Promise<Work> {
  const about = encodeState({ options, version, node: process.versions.v8 });
  const name = createHash('sha256')
    .update(`${panelId(panel)} ${about}`)
    .digest('hex')
    .slice(0, 20);
  const folder = join(workFolder(store), name);
  const pathOf = (key: string): string => join(folder, `${key}${ENDING}`);
  const names = await readdir(folder).catch(() => []);
  const there = new Set(names.filter((file) => file.endsWith(ENDING) && !isTemporary(file)));
  return {
    pieces: () => there.size,
    get: async (key) => {
      try {
        return deserialize(await readFile(pathOf(key)));
      } catch {
        // What is not there, or not whole, is worked out again.
        return undefined;
      }
    },
    put: async (key, value) => {
      await ensureStore(store);
      try {
        await mkdir(folder, { recursive: true });
      } catch (error) {
        throw storeError(error, folder);
      }
      await publishFile(pathOf(key), (temporary) => writeFile(temporary, serialize(value)));
      there.add(`${key}${ENDING}`);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
