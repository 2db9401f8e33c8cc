// Panels in the store, each named by the hash of its content, so that the same data is kept once.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, UsageError } from '../core/errors.ts';
import type { Panel } from '../core/panel.ts';
import { exists, publishFolder } from './durable-files.ts';
import { checkCategories, describePanel, type PanelManifest, panelId } from './panel-content.ts';
import { readPanelParts, writePanelParts } from './panel-parts.ts';
import { ensureStore, FORMAT, panelsFolder, type Store } from './store.ts';

export const hasPanel = (store: Store, id: string): Promise<boolean> =>
  exists(join(panelsFolder(store), id, 'panel.json'));

/**
 * Saves a panel, unless the store has it, and returns its id. A category column whose codes or levels are not
 * sound is refused with a DataError; a full or forbidden disk is a StoreError.
 */
export async function savePanel(store: Store, panel: Panel): Promise<string> {
  [...panel.knownFuture, ...panel.pastOnly, ...panel.statics].forEach(checkCategories);
  const id = panelId(panel);
  if (await hasPanel(store, id)) return id;
  await ensureStore(store);
  await publishFolder(panelsFolder(store), id, async (folder) => {
    const about = describePanel(panel);
    await writePanelParts(folder, panel, about);
    await writeFile(join(folder, 'panel.json'), `${JSON.stringify(about, null, 2)}\n`);
  });
  return id;
}

/**
 * Loads a panel on shared memory, equal to the one that was saved. Throws a UsageError where the store has none
 * of this id, and a DataError that names the file where it is damaged or of a later format.
 */
export async function loadPanel(store: Store, id: string): Promise<Panel> {
  const folder = join(panelsFolder(store), id);
  const path = join(folder, 'panel.json');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new UsageError(
      `the store "${store.root}" has no panel "${id}"; see "bellwether runs ls" for what it has.`,
    );
  });
  let about: PanelManifest;
  try {
    about = JSON.parse(text) as PanelManifest;
  } catch (error) {
    throw new DataError(`${path} is not whole; restore it from a copy or import the data anew.`, {
      cause: error,
    });
  }
  if (about.format > FORMAT) {
    throw new DataError(
      `${path} has format ${about.format} and this version reads format ${FORMAT}; install a newer bellwether.`,
    );
  }
  const panel = await readPanelParts(folder, about);
  if (panelId(panel) !== id) {
    throw new DataError(
      `${folder} does not hold what was saved; restore it from a copy or import the data anew.`,
    );
  }
  return panel;
}
