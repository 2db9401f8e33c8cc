import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = join(dirname(fileURLToPath(import.meta.url)), '..', 'src');

/** What each room may import besides itself; see ARCHITECTURE.md. */
const STAGES = ['collect', 'prepare', 'features', 'models', 'evaluate', 'select', 'forecast', 'report'];
const BASE = ['core', 'math'];
const ROOMS: Record<string, readonly string[]> = {
  math: [],
  core: ['math'],
  learn: BASE,
  collect: BASE,
  features: [...BASE, 'learn'],
  prepare: [...BASE, 'features'],
  models: [...BASE, 'learn', 'features', 'prepare'],
  evaluate: [...BASE, 'models', 'prepare'],
  select: [...BASE, 'models', 'evaluate', 'prepare'],
  forecast: [...BASE, 'models', 'evaluate', 'select'],
  report: [...BASE, 'evaluate', 'forecast', 'prepare'],
  run: [...BASE, 'evaluate', 'select', 'forecast'],
  store: [...BASE, 'models', 'evaluate', 'forecast', 'prepare'],
  cli: [...BASE, 'learn', ...STAGES, 'run', 'store', 'pipeline.ts'],
  'pipeline.ts': [...BASE, ...STAGES, 'run'],
  'index.ts': [...BASE, ...STAGES, 'run', 'store', 'pipeline.ts'],
};

interface Source {
  readonly path: string;
  readonly room: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const sources: Source[] = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => {
    const text = readFileSync(join(src, path), 'utf8');
    const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]!);
    return { path, room: path.split('/')[0]!, text, imports };
  });

describe('the architecture', () => {
  it('knows every room', () => {
    expect(sources.map(({ room }) => room).filter((room) => !(room in ROOMS))).toEqual([]);
  });

  it('lets imports only flow down', () => {
    const wrong = sources.flatMap(({ path, room, imports }) =>
      imports
        .filter((name) => name.startsWith('.'))
        .map((name) => relative(src, join(src, dirname(path), name)).split('/')[0]!)
        .filter((target) => target !== room && !ROOMS[room]!.includes(target))
        .map((target) => `${path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps node out of the rooms that run in a browser', () => {
    const browser = [
      'math',
      'core',
      'learn',
      'features',
      'prepare',
      'models',
      'evaluate',
      'select',
      'forecast',
      'report',
    ];
    const wrong = sources.filter(
      ({ room, imports }) => browser.includes(room) && imports.some((name) => name.startsWith('node:')),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('keeps clocks and unseeded randomness in the command line', () => {
    const wrong = sources.filter(
      ({ room, text }) => room !== 'cli' && /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(/.test(text),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('keeps files short, named by what they hold, and introduced by a comment', () => {
    const lines = (text: string): number => text.split('\n').length - 1;
    expect(sources.filter(({ text }) => lines(text) > 500).map(({ path }) => path)).toEqual([]);
    const dump = /(^|\/)(utils?|helpers?|common|misc|types)(\.ts|\/)/;
    expect(sources.filter(({ path }) => dump.test(path)).map(({ path }) => path)).toEqual([]);
    expect(sources.filter(({ text }) => !text.startsWith('// ')).map(({ path }) => path)).toEqual([]);
  });
});
