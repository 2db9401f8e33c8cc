import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FittedBlend } from '../../src/models/fitted-blend.ts';
import { type StoreError, storeError } from '../../src/store/durable-files.ts';
import { loadPanel } from '../../src/store/panels.ts';
import {
  listRuns,
  loadBacktest,
  loadForecast,
  loadModels,
  loadRun,
  removeRun,
  saveRun,
} from '../../src/store/runs.ts';
import { openStore } from '../../src/store/store.ts';
import { draftOf, forecastOf, score, shopPanel } from './samples.ts';
import { temporaryFolder, temporaryStore } from './temporary.ts';

const panel = shopPanel();
const fitted: FittedBlend[] = [
  [
    {
      spec: { model: 'theta' },
      weight: 0.6,
      state: { alpha: 0.1, levels: Float64Array.of(1, Number.NaN, -0) },
    },
    { spec: { model: 'ses', options: { alpha: 0.3, start: undefined } }, weight: 0.4, state: { level: -0 } },
  ],
  [
    {
      spec: { model: 'zero' },
      weight: 1,
      state: null,
      fallback: 'has 1 observed value; theta needs at least 4',
    },
  ],
];
/** What a model of the whole panel may leave. */
const global = [{ spec: { model: 'boosted' }, state: { cuts: Float64Array.of(1, Number.NaN) } }];
const settings = { scale: Float64Array.of(1, Number.NaN), season_length: 52, segment: Uint16Array.of(0, 1) };
const NONE = Number.NaN;
// Two windows, two models, two steps; the second series has one window, of one step.
const backtest = {
  models: ['auto', 'seasonal-naive'],
  windows: 2,
  h: 2,
  mean: Float64Array.of(1, 2, 3, 4, 5, 6, NONE, NONE, 9, NONE, 10, NONE, NONE, NONE, NONE, NONE),
  sd: Float64Array.of(1, 1, 1, 1, 2, 2, NONE, NONE, 3, NONE, NONE, NONE, NONE, NONE, NONE, NONE),
  actual: Float64Array.of(0.5, NONE, 1.5, 2.5, NONE, NONE, NONE, NONE),
  hidden: Int32Array.of(2, 4, 1, 0),
};

const saveAt = async (store: Awaited<ReturnType<typeof temporaryStore>>, created: string): Promise<string> =>
  saveRun(store, draftOf({ created }), { panel });

describe('runs in the store', () => {
  it('come back as they were saved', async () => {
    const store = await temporaryStore();
    const forecast = forecastOf(panel);
    const draft = draftOf({ selection: { weights: Float64Array.of(0.6, 0.4) } });
    const id = await saveRun(store, draft, {
      panel,
      forecast,
      models: { fitted, global, settings },
      backtest,
    });
    expect(id).toMatch(/^20261123-1415-[a-z2-9]{4}$/);

    const run = await loadRun(store, id);
    expect(run).toMatchObject({ ...draft, id, format: 1, target: 'units', series: 2 });
    expect(run.scores).toStrictEqual([score]);
    expect(await loadPanel(store, run.panel)).toStrictEqual(panel);
    expect(await loadForecast(store, run)).toStrictEqual(forecast);
    expect(await loadModels(store, run)).toStrictEqual({ fitted, global, settings });
    expect(await loadBacktest(store, run)).toStrictEqual(backtest);

    const bounded = {
      ...backtest,
      lo80: backtest.mean.map((v) => v - 1),
      hi80: backtest.mean.map((v) => v + 1.5),
    };
    const other = await loadRun(store, await saveRun(store, draft, { panel, backtest: bounded }));
    expect(await loadBacktest(store, other)).toStrictEqual(bounded);
  });

  it('have only the parts they were given', async () => {
    const store = await temporaryStore();
    const run = await loadRun(store, await saveRun(store, draftOf({ kind: 'backtest' }), { panel }));
    expect(
      await Promise.all([loadForecast(store, run), loadModels(store, run), loadBacktest(store, run)]),
    ).toEqual([undefined, undefined, undefined]);
    expect(readdirSync(join(store.root, 'runs', run.id))).toEqual(['manifest.json']);
    expect(readFileSync(join(store.root, '.gitignore'), 'utf8')).toBe('*\n');
  });

  it('can be read by people', async () => {
    const store = await temporaryStore();
    const id = await saveRun(store, draftOf(), { panel });
    const text = readFileSync(join(store.root, 'runs', id, 'manifest.json'), 'utf8');
    expect(text).toMatch(/^\{\n {2}"format": 1,\n/);
    expect(text).toContain('"crps": 0.21');
    expect(text).toContain('"$number": "NaN"');
  });

  it('are listed oldest first, however they were saved', async () => {
    const store = await temporaryStore();
    expect(await listRuns(store)).toEqual([]);
    const late = await saveAt(store, '2026-11-23T14:15:30Z');
    const early = await saveAt(store, '2026-11-23T14:15:02Z');
    const abroad = await saveAt(store, '2026-11-23T16:00:00+02:00');
    expect((await listRuns(store)).map((run) => run.id)).toEqual([abroad, early, late]);
    expect((await listRuns(store))[0]!.bytes).toBeGreaterThan(500);
  });

  it('keep apart when saved twice at the same time with the same content', async () => {
    const store = await temporaryStore();
    const ids = await Promise.all([1, 2, 3, 4].map(() => saveRun(store, draftOf(), { panel })));
    expect(new Set(ids).size).toBe(4);
    expect((await listRuns(store)).every((run) => run.manifest)).toBe(true);
    expect(readdirSync(join(store.root, 'panels')).length).toBe(1);
  });

  it('answer to their id, its beginning, its last letters, and latest', async () => {
    const store = await temporaryStore();
    const early = await saveAt(store, '2026-10-02T09:00:00Z');
    const late = await saveAt(store, '2026-11-23T14:15:00Z');
    for (const word of [early, '202610', early.slice(-4)])
      expect((await loadRun(store, word)).id).toBe(early);
    expect((await loadRun(store, 'latest')).id).toBe(late);
    await expect(loadRun(store, '2026')).rejects.toThrow(
      `"2026" begins 2 runs (${early}, ${late}); give more of it.`,
    );
    await expect(loadRun(store, early.replace('20261002', '20261003'))).rejects.toThrow(
      `no run is called "${early.replace('20261002', '20261003')}". Did you mean "${early}"?`,
    );
    await expect(loadRun(store, 'xyz')).rejects.toMatchObject({ name: 'UsageError', exitCode: 2 });
    await expect(loadRun(store, '')).rejects.toThrow(/no run is called ""/);
    await expect(loadRun(store, '../runs')).rejects.toThrow(/no run is called/);
    await expect(loadRun(await temporaryStore(), 'latest')).rejects.toThrow(/has no runs; make one with/);
  });

  it('that are damaged are listed with the cure and hide nobody', async () => {
    const store = await temporaryStore();
    const good = await saveAt(store, '2026-11-01T00:00:00Z');
    const damage: [edit: (text: string) => string, sentence: RegExp][] = [
      [(text) => text.slice(0, text.length / 2), /is not whole; restore it from a copy or remove the run/],
      [
        (text) => text.replace('"format": 1', '"format": 7'),
        /has format 7 and this version reads format 1; install/,
      ],
      [(text) => text.replace('"format": 1', '"format": "x"'), /has the format "x", so it is no run/],
      [(text) => text.replace('"panel":', '"pan":'), /lacks "panel"/],
      [(text) => text.replace('2026-11-23T', 'yesterday '), /has the time "yesterday/],
      [() => 'null', /so it is no run of bellwether/],
      [() => '', /is not whole/],
    ];
    for (const [edit, sentence] of damage) {
      const id = await saveRun(store, draftOf(), { panel });
      const path = join(store.root, 'runs', id, 'manifest.json');
      writeFileSync(path, edit(readFileSync(path, 'utf8')));
      await expect(loadRun(store, id)).rejects.toThrow(sentence);
      const listed = await listRuns(store);
      expect(listed.map((run) => run.id)).toEqual([good, id]);
      expect(listed[1]!.error).toMatchObject({ name: 'DataError', exitCode: 3 });
      expect(listed[1]!.error!.message).toContain(path);
      expect(listed[1]!.error!.message).toContain(`bellwether runs rm ${id}`);
      expect((await loadRun(store, 'latest')).id).toBe(good);
      expect(await removeRun(store, id)).toBe(id);
    }
    mkdirSync(join(store.root, 'runs', 'empty'));
    expect((await listRuns(store)).at(-1)!.error!.message).toMatch(/manifest\.json is missing/);
  });

  it('with damaged parts name the file', async () => {
    const store = await temporaryStore();
    const parts = { panel, forecast: forecastOf(panel), models: { fitted, global, settings }, backtest };
    const run = await loadRun(store, await saveRun(store, draftOf(), parts));
    const other = await loadRun(
      store,
      await saveRun(store, draftOf({ seed: 2 }), { ...parts, forecast: forecastOf(panel, 2) }),
    );
    const file = (name: string, id = run.id): string => join(store.root, 'runs', id, name);
    cpSync(file('forecast.parquet', other.id), file('forecast.parquet'));
    await expect(loadForecast(store, run)).rejects.toMatchObject({ name: 'DataError' });
    writeFileSync(file('models.parquet'), 'PAR1');
    await expect(loadModels(store, run)).rejects.toThrow(/models\.parquet cannot be read/);
    writeFileSync(file('settings.json', other.id), '{');
    await expect(loadModels(store, other)).rejects.toThrow(/settings\.json is missing or not whole/);
    writeFileSync(file('global-models.json', other.id), '');
    await expect(loadModels(store, other)).rejects.toThrow(/global-models\.json is missing or not whole/);
    await expect(loadBacktest(store, { ...run, backtest: { ...run.backtest!, rows: 3 } })).rejects.toThrow(
      /backtest\.parquet has \d+ rows where 3 belong/,
    );
  });

  it('leave nothing behind when they are refused', async () => {
    const store = await temporaryStore();
    await expect(saveRun(store, draftOf({ created: 'today' }), { panel })).rejects.toThrow(
      /created is "today"/,
    );
    await expect(saveRun(store, draftOf({ options: { now: new Date(0) } }), { panel })).rejects.toThrow(
      /options\.now/,
    );
    expect(existsSync(store.root)).toBe(false);
    const state = { fit: () => 1 };
    const models = { fitted: [[{ spec: { model: 'x' }, weight: 1, state }], []], global, settings };
    await expect(saveRun(store, draftOf(), { panel, models })).rejects.toThrow(/^fit is a function/);
    expect(readdirSync(join(store.root, 'runs'))).toEqual([]);
  });

  it('live in a folder of any name', async () => {
    const store = await openStore(join(temporaryFolder(), "it's [a] b*c 日本"));
    const id = await saveRun(store, draftOf(), { panel, forecast: forecastOf(panel) });
    const run = await loadRun(store, id);
    expect(await loadForecast(store, run)).toStrictEqual(forecastOf(panel));
  });
});

describe('a disk that refuses', () => {
  it('is told in one sentence', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    await expect(openStore(join(folder, 'file'))).rejects.toThrow(/is a file; name a folder/);
    const store = await openStore(join(folder, 'file', 'store'));
    await expect(saveRun(store, draftOf(), { panel })).rejects.toMatchObject({
      name: 'StoreError',
      exitCode: 1,
      message: `cannot use ${store.root}: a file is in the way; move it or choose another folder.`,
    });
    const blocked = await openStore(join(folder, 'store'));
    mkdirSync(blocked.root);
    writeFileSync(join(blocked.root, 'panels'), '');
    await expect(saveRun(blocked, draftOf(), { panel })).rejects.toThrow(
      /panels\/[0-9a-f]{20}: a file is in the way/,
    );
  });

  it('may be full, read-only or forbidden, in the words of Node or of DuckDB', () => {
    const said = (error: unknown): string => (storeError(error, 'x') as Error).message;
    expect(said(Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' }))).toBe(
      'cannot use x: the disk is full; free some space and try again.',
    );
    expect(said(new Error('IO Error: Could not write file "x": No space left on device'))).toMatch(
      /disk is full/,
    );
    expect(said(new Error('IO Error: Cannot open file "x": Permission denied'))).toMatch(
      /permission is denied/,
    );
    expect(said(Object.assign(new Error(''), { code: 'EROFS' }))).toMatch(/read-only/);
    const once = storeError(Object.assign(new Error(''), { code: 'EACCES' }), 'inner') as StoreError;
    expect(storeError(once, 'outer')).toBe(once);
    const bug = new TypeError('No space left in my array');
    expect(storeError(bug, 'x')).toBe(bug);
  });
});
