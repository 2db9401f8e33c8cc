// Garbage collection: panels that no run refers to, what killed processes left half-written, and forgotten work.
import { mkdir, readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  folderBytes,
  isAbandoned,
  isTemporary,
  moveFolder,
  storeError,
  temporaryName,
} from './durable-files.ts';
import { listRuns } from './runs.ts';
import { panelsFolder, runsFolder, type Store, workFolder } from './store.ts';

export interface Collected {
  /** Bytes freed. */
  readonly bytes: number;
  /** Ids of the removed panels. */
  readonly panels: readonly string[];
  /** How many leftovers were removed. */
  readonly leftovers: number;
  /** What was kept although it may be garbage, one sentence each. */
  readonly notes: readonly string[];
}

/** Unfinished work that nobody has taken up for so long is not waited for any more: a week. */
const STALE_MS = 7 * 86_400_000;

const PANEL_ID = /^[0-9a-f]{20}$/;

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

/** What time the disk takes it to be: it may be another machine's, with another clock. */
async function diskTime(folder: string): Promise<number> {
  const probe = join(folder, temporaryName());
  await mkdir(probe);
  const { mtimeMs } = await stat(probe);
  await rmdir(probe);
  return mtimeMs;
}

/** Removes folders of killed processes, and those named in `own`, and says how many and how large they were. */
async function removeLeftovers(
  folder: string,
  own: ReadonlySet<string> = new Set(),
): Promise<{ bytes: number; leftovers: number }> {
  let bytes = 0;
  let leftovers = 0;
  const names = (await namesIn(folder)).filter(isTemporary);
  const now = names.length > 0 ? await diskTime(folder) : 0;
  for (const name of names) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (!found || !(own.has(name) || isAbandoned(name, now - found.mtimeMs))) continue;
    bytes += await folderBytes(path);
    if (!own.has(name)) leftovers++;
    await rm(path, { recursive: true, force: true });
  }
  return { bytes, leftovers };
}

/** Removes unfinished work that nobody has touched for a week. */
async function removeStaleWork(folder: string): Promise<{ bytes: number; leftovers: number }> {
  let bytes = 0;
  let leftovers = 0;
  const names = await namesIn(folder);
  const now = names.length > 0 ? await diskTime(folder) : 0;
  for (const name of names) {
    const path = join(folder, name);
    const touched = (await stat(path).catch(() => undefined))?.mtimeMs ?? now;
    if (now - touched < STALE_MS) continue;
    bytes += await folderBytes(path);
    leftovers++;
    await rm(path, { recursive: true, force: true });
  }
  return { bytes, leftovers };
}

/** The panels that runs refer to; undefined where a run cannot be read, as it may refer to any. */
async function panelsInUse(store: Store): Promise<Set<string> | undefined> {
  const listed = await listRuns(store);
  if (listed.some((run) => !run.manifest)) return undefined;
  return new Set(listed.map((run) => run.manifest!.panel));
}

/**
 * Removes panels that no run refers to, what killed processes left behind, and unfinished work older than a week; the work of living processes is
 * not touched. Panels stay while a run cannot be read. Other processes may save at the same time: a panel is
 * first set aside, then the runs are looked at again, and a panel that a new run refers to is put back.
 */
export async function collectGarbage(store: Store): Promise<Collected> {
  const panels = panelsFolder(store);
  const aside = new Set<string>();
  const removed: string[] = [];
  const notes: string[] = [];
  try {
    const used = await panelsInUse(store);
    for (const name of used ? await namesIn(panels) : []) {
      if (used!.has(name) || !PANEL_ID.test(name)) continue;
      const temporary = temporaryName(name);
      if ((await moveFolder(join(panels, name), join(panels, temporary))) === 'moved') aside.add(temporary);
    }
    const usedNow = await panelsInUse(store);
    if (!usedNow) notes.push('panels were kept, because a run cannot be read; see "bellwether runs ls".');
    // Also those that a killed collection had set aside.
    for (const temporary of (await namesIn(panels)).filter(isTemporary)) {
      const id = temporary.slice(-20);
      if (!PANEL_ID.test(id)) continue;
      const wanted = usedNow ? usedNow.has(id) : aside.has(temporary);
      const put = wanted ? await moveFolder(join(panels, temporary), join(panels, id)) : 'taken';
      if (put !== 'taken') aside.delete(temporary);
      else if (!wanted && aside.has(temporary)) removed.push(id);
    }
    const ofPanels = await removeLeftovers(panels, aside);
    const ofRuns = await removeLeftovers(runsFolder(store));
    const ofWork = await removeStaleWork(workFolder(store));
    return {
      bytes: ofPanels.bytes + ofRuns.bytes + ofWork.bytes,
      panels: removed.sort(),
      leftovers: ofPanels.leftovers + ofRuns.leftovers + ofWork.leftovers,
      notes,
    };
  } catch (error) {
    throw storeError(error, store.root);
  }
}
