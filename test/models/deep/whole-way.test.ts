// A network on the whole way: weighed beside others, the same from any executor, saved and forecast again, explained.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { forecastPrepared } from '../../../src/pipeline.ts';
import { threads } from '../../../src/run/threads.ts';
import { shell, steadyWeek, twoProducts } from '../../shell.ts';
import { promotedShop } from '../promoted-shop.ts';

const QUICK = { steps: 15, batch: 16, width: 8, networks: 1 };
const prepared = { panel: promotedShop().panel, changes: [], notes: [] };

describe('a network in the pipeline', () => {
  const two = threads(2);
  afterAll(() => two.close());

  it('is weighed beside the pool of auto, with the same bytes from threads', async () => {
    const options = { h: 7, windows: 2, models: ['auto', { model: 'gru', options: QUICK }] };
    const alone = await forecastPrepared(prepared, options);
    const models = new Set(alone.scores.map(({ model }) => model));
    for (const model of ['auto', 'gru', 'seasonal-naive', 'ets', 'theta']) expect(models).toContain(model);
    const threaded = await forecastPrepared(prepared, { ...options, executor: two });
    expect(threaded.forecast.mean).toEqual(alone.forecast.mean);
    expect(threaded.forecast.quantiles).toEqual(alone.forecast.quantiles);
    expect(threaded.scores).toEqual(alone.scores);
  }, 60_000);

  it('does not stand twice where it is named beside auto', async () => {
    const named = { model: 'theta', options: { shrink: true } };
    const { blend } = await forecastPrepared(prepared, { h: 7, windows: 2, models: ['auto', named] });
    expect(blend.models.filter(({ model }) => model === 'theta')).toEqual([named]);
    expect(blend.models.some(({ model }) => model === 'ets')).toBe(true);
  }, 60_000);
});

describe('a network on the command line', () => {
  const { folder, printed, run } = shell();

  it('forecasts a file, again from the saved run without training, and further than it learned by feeding back', async () => {
    const path = join(folder, 'sales.csv');
    writeFileSync(path, twoProducts(60, steadyWeek));
    const model = 'lstm(steps=15,batch=16,width=8,networks=1)';
    expect(await run('forecast', path, '-H', '7', '--models', model, '--windows', '2')).toBe(0);
    const first = printed.out;
    expect(first.trim().split('\n')).toHaveLength(1 + 2 * 7);
    expect(printed.talk).toMatch(/lstm/);
    printed.out = '';
    expect(await run('forecast', '--run', 'latest')).toBe(0);
    expect(printed.out).toBe(first);
    printed.out = '';
    expect(await run('explain', 'latest', 'cup')).toBe(0);
    expect(printed.out).toMatch(/^cup: \d+ units expected in 7 days .* The season is at its height on /);
    printed.out = '';
    expect(await run('explain', 'latest', '--json')).toBe(0);
    const { drivers } = JSON.parse(printed.out);
    expect(drivers.map(({ name }: { name: string }) => name).sort()).toEqual([
      'calendar',
      'recent values',
      'season',
    ]);
    printed.out = '';
    expect(await run('forecast', '--run', 'latest', '-H', '9')).toBe(0);
    expect(printed.talk).toMatch(
      /was trained for 7 days: beyond them lstm took its own forecasts for what happened.* anew with -H 9\.\n/,
    );
    const lines = printed.out.trim().split('\n');
    expect(lines).toHaveLength(1 + 2 * 9);
    // What it reached without feeding back is as it was.
    expect(lines).toEqual(expect.arrayContaining(first.trim().split('\n')));
  }, 60_000);
});
