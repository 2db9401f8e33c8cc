// A folder for the files of a test, and short ways to read them back.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { readFiles } from '../../src/collect/files.ts';
import type { ReadOptions } from '../../src/collect/options.ts';
import { formatTime } from '../../src/core/calendar.ts';
import type { Observations } from '../../src/core/observations.ts';

export interface Scratch {
  readonly path: (name: string) => string;
  readonly write: (name: string, content: string | Uint8Array) => string;
  /** Writes a file and reads it. */
  readonly read: (
    content: string | Uint8Array,
    options?: ReadOptions,
    name?: string,
  ) => Promise<Observations>;
  /** The error that reading a file ends with, as `name: message`. */
  readonly refuse: (content: string | Uint8Array, options?: ReadOptions, name?: string) => Promise<string>;
}

export function scratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string): string => join(folder, name);
  const write = (name: string, content: string | Uint8Array): string => {
    writeFileSync(path(name), content);
    return path(name);
  };
  const read: Scratch['read'] = (content, options = {}, name = 'sales.csv') =>
    readFiles(write(name, content), options);
  return {
    path,
    write,
    read,
    refuse: (content, options, name) => errorOf(read(content, options, name)),
  };
}

export async function errorOf(work: Promise<unknown> | (() => unknown)): Promise<string> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return 'no error';
}

/** Rows as text, one a line of the array: `A 2024-01-01 5`. */
export function shown({ ids, series, time, y, stepped }: Observations): string[] {
  return [...y].map(
    (value, row) =>
      `${ids[series[row]!]} ${stepped ? time[row] : formatTime(time[row]!)} ${Number.isNaN(value) ? '-' : value}`,
  );
}
