import { afterAll, describe, expect, it } from 'vitest';
import { Interrupted } from '../../src/core/errors.ts';
import type { Executor } from '../../src/core/executor.ts';
import { forecastPrepared } from '../../src/pipeline.ts';
import { inline } from '../../src/run/inline.ts';
import { threads } from '../../src/run/threads.ts';
import { panelOf, weeklySeries } from '../panels.ts';

const EXECUTORS: Record<string, () => Executor> = {
  inline,
  'threads(1)': () => threads(1),
  'threads(2)': () => threads(2),
  'threads(3)': () => threads(3),
};
const open: Executor[] = [];
afterAll(async () => {
  await Promise.all(open.map((executor) => executor.close()));
});

/** Enough for what is not about numbers. */
const few = ['naive', 'ses', 'theta'];
const prepared = { panel: panelOf(weeklySeries(23, 70)), changes: [], notes: [] };

describe.each(Object.entries(EXECUTORS))('executor %s', (_, make) => {
  const executor = make();
  open.push(executor);

  it('gives the same bytes as every other', async () => {
    const wanted = await forecastPrepared(prepared, { h: 7, keep: true });
    const got = await forecastPrepared(prepared, { h: 7, keep: true, executor });
    expect(got.forecast).toEqual(wanted.forecast);
    expect(got.scores).toEqual(wanted.scores);
    expect(got.fitted).toEqual(wanted.fitted);
  }, 60_000);

  it('reports progress up to the last series', async () => {
    const seen: number[] = [];
    await forecastPrepared(prepared, {
      h: 7,
      models: few,
      executor,
      onProgress: ({ stage, done, total }) => {
        expect(total).toBe(23);
        if (stage === 'backtest') seen.push(done);
      },
    });
    expect(seen.at(-1)).toBe(23);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  it('stops when it is cancelled, and can be used again', async () => {
    const controller = new AbortController();
    const work = forecastPrepared(prepared, {
      h: 7,
      models: few,
      executor,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(work).rejects.toThrow(Interrupted);
    await expect(forecastPrepared(prepared, { h: 7, models: few, executor })).resolves.toBeDefined();
  });

  it('passes on what goes wrong in a task', async () => {
    const work = executor.map('no such task', prepared.panel, {});
    await expect(work).rejects.toThrow('no task is named "no such task"');
  });

  it('does works at the same time, each with a panel of its own, and what goes wrong in one spares the others', async () => {
    const other = { ...prepared, panel: panelOf(weeklySeries(5, 60)) };
    const options = { h: 7, models: few, executor };
    const [first, wrong, second] = await Promise.allSettled([
      forecastPrepared(prepared, options),
      executor.map('no such task', prepared.panel, {}),
      forecastPrepared(other, options),
    ]);
    expect(wrong.status).toBe('rejected');
    const alone = [await forecastPrepared(prepared, options), await forecastPrepared(other, options)];
    expect([first, second]).toMatchObject(
      alone.map(({ forecast }) => ({ status: 'fulfilled', value: { forecast } })),
    );
  });
});

describe('threads', () => {
  it('refuses a senseless count', () => {
    expect(() => threads(0)).toThrow('threads is 0; give a whole number of 1 or more.');
  });

  it('fails what is under way when it is closed', async () => {
    const executor = threads(2);
    const work = forecastPrepared(prepared, { h: 7, models: few, executor });
    const failure = expect(work).rejects.toThrow(Interrupted);
    await executor.close();
    await failure;
  });
});
