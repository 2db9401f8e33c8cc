// Where the native runtime is missing, networks train on the portable one, and the outcome says so.
import { expect, it, vi } from 'vitest';
import { portableRuntime } from '../../../src/learn/network/runtime-web.ts';
import { forecastPrepared } from '../../../src/pipeline.ts';
import { promotedShop } from '../promoted-shop.ts';

const NOTE = 'Training runs as WebAssembly, two to four times slower: it is not installed.';

vi.mock('../../../src/learn/network/runtime.ts', async (original) => ({
  ...(await original<object>()),
  usualRuntime: async () => ({ runtime: await portableRuntime(), note: NOTE }),
}));

it('a network forecasts without the native runtime, and tells once that it was slower', async () => {
  const { forecast, notes } = await forecastPrepared(
    { panel: promotedShop().panel, changes: [], notes: ['read'] },
    {
      h: 7,
      windows: 2,
      models: [{ model: 'rnn', options: { steps: 10, batch: 16, width: 8, networks: 1 } }],
    },
  );
  expect(forecast.mean.every(Number.isFinite)).toBe(true);
  expect(notes).toEqual(['read', NOTE]);
}, 60_000);
