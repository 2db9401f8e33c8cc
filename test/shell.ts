// The command line within a test: a folder and a store of its own, and what was printed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, vi } from 'vitest';
import { main } from '../src/cli/main.ts';

export interface Shell {
  /** Gone after the tests, with the store in it. */
  readonly folder: string;
  readonly store: string;
  /** What the commands of a test printed so far. */
  readonly printed: { out: string; talk: string };
  /** Runs a command on the store; its exit code. */
  run(...argv: string[]): Promise<number>;
}

/** A command line for the tests of the file or group that calls this. */
export function shell(): Shell {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-'));
  const store = join(folder, 'store');
  const printed = { out: '', talk: '' };
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => {
    [printed.out, printed.talk] = ['', ''];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      printed.out += String(text);
      return true;
    });
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      printed.talk += String(text);
      return true;
    });
  });
  afterEach(() => vi.restoreAllMocks());
  return {
    folder,
    store,
    printed,
    run: (...argv) => main([...argv, '--store', store]),
  };
}

/** Day t of 2026, counted from 0. */
export const day = (t: number): string => new Date(Date.UTC(2026, 0, 1 + t)).toISOString().slice(0, 10);

/** A sales file of two products from 2026 on, `cell` being what is sold at day t. */
export const twoProducts = (days: number, cell: (t: number, sku: string) => string | number): string =>
  `date,sku,units\n${['cup', 'pot']
    .flatMap((sku) => Array.from({ length: days }, (_, t) => `${day(t)},${sku},${cell(t, sku)}\n`))
    .join('')}`;

/** A week of their own, without noise. */
export const steadyWeek = (t: number, sku: string): number => 5 + (t % 7) + sku.length;
