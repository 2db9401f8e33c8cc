// Training that is cut short and taken up again, in one fit and on the whole way, and what is heard of it.
import { afterAll, describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../../src/core/checkpoint.ts';
import { Interrupted } from '../../../src/core/errors.ts';
import type { Executor } from '../../../src/core/executor.ts';
import type { Progress } from '../../../src/core/progress.ts';
import { track } from '../../../src/evaluate/global-backtest.ts';
import { forecastGlobally } from '../../../src/forecast/global-forecast.ts';
import { createGlobal } from '../../../src/models/registry.ts';
import { inline } from '../../../src/run/inline.ts';
import { threads } from '../../../src/run/threads.ts';
import { promotedShop } from '../promoted-shop.ts';

const H = 7;
const QUICK = { steps: 40, batch: 16, width: 8, window: 16, networks: 2 };
const spec = { model: 'lstm', options: QUICK };
const { panel } = promotedShop();

/** A checkpoint in memory that fails from the put of that number on, as a disk that is full. */
function memory(failsAt = Infinity): Checkpoint & { readonly keys: () => string[] } {
  const kept = new Map<string, unknown>();
  let puts = 0;
  return {
    get: async (key) => structuredClone(kept.get(key)),
    put: async (key, value) => {
      if (++puts >= failsAt) throw new Error('the disk is full');
      kept.set(key, structuredClone(value));
    },
    keys: () => [...kept.keys()],
  };
}

/** The same things, and a disk with room. */
const mended = ({ get, keys }: ReturnType<typeof memory>): ReturnType<typeof memory> => {
  const more = memory();
  return { ...more, keys, get: async (key) => (await more.get(key)) ?? (await get(key)) };
};

describe('a network that is fitted to a panel', () => {
  const model = createGlobal(spec)!;
  const context = { h: H, season_length: 7, seed: 1 };

  it('goes on where it was cut short, in its first network or its second, and comes to the same', async () => {
    const whole = await model.fitAll(panel, context);
    for (const failsAt of [5, 27]) {
      const checkpoint = memory(failsAt);
      const cut = model.fitAll(panel, { ...context, checkpoint });
      await expect(cut).rejects.toThrow('the disk is full');
      const seen: number[] = [];
      const onProgress = ({ done }: Progress): void => {
        seen.push(done);
      };
      const rest = await model.fitAll(panel, { ...context, checkpoint: mended(checkpoint), onProgress });
      expect(rest).toEqual(whole);
      // A look each two steps: what was kept is not done again.
      expect(seen[0]).toBe(2 * failsAt);
      expect(seen.at(-1)).toBe(80);
    }
  }, 60_000);

  it('stops at once when it is cancelled', async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const cut = model.fitAll(panel, {
      ...context,
      signal: controller.signal,
      onProgress: ({ done }) => {
        seen.push(done);
        controller.abort();
      },
    });
    await expect(cut).rejects.toThrow(Interrupted);
    expect(seen).toEqual([2]);
  });
});

const two = threads(2);
afterAll(() => two.close());
const executors: readonly (readonly [string, Executor])[] = [
  ['inline', inline()],
  ['threads', two],
];

describe.each(executors)('networks on the executor %s', (_, executor) => {
  const plan = { h: H, windows: 2, step: 3, season_length: 7 };
  const input = { plan, seed: 1, support: {} };
  const question = { specs: [undefined, spec], h: H, season_length: 7, seed: 1 };

  it('take up a backtest that was cut short', async () => {
    const whole = await track(panel, spec, input, executor);
    const checkpoint = memory(25);
    await expect(track(panel, spec, input, executor, { checkpoint })).rejects.toThrow('the disk is full');
    expect(checkpoint.keys()).toContain('window-0-network-1-training');
    expect(await track(panel, spec, input, executor, { checkpoint: mended(checkpoint) })).toEqual(whole);
  }, 60_000);

  it('take up the fit for the forecast, and tell how the loss falls', async () => {
    const whole = await forecastGlobally(panel, question, executor);
    const checkpoint = memory(30);
    const cut = forecastGlobally(panel, question, executor, { checkpoint });
    await expect(cut).rejects.toThrow('the disk is full');
    const told: Progress[] = [];
    const rest = await forecastGlobally(panel, question, executor, {
      checkpoint: mended(checkpoint),
      onPart: (progress) => told.push(progress),
    });
    expect(rest).toEqual(whole);
    expect(told.at(-1)).toMatchObject({ stage: 'lstm, forecast', unit: 'steps', done: 80, total: 80 });
    expect(told.at(-1)!.note).toMatch(/^network 2, loss \d\.\d+ \(was \d\.\d+\)$/);
  }, 60_000);
});
