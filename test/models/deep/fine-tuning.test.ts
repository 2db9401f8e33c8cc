// Saved networks that go on with newer data: by themselves, and on the command line.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DataError, UsageError } from '../../../src/core/errors.ts';
import { cutPanel } from '../../../src/core/moved-end.ts';
import type { Panel } from '../../../src/core/panel.ts';
import { type Choice, updateForecast } from '../../../src/forecast/update.ts';
import type { DeepState } from '../../../src/models/deep/forecaster.ts';
import type { GlobalModel } from '../../../src/models/global-model.ts';
import { createGlobal } from '../../../src/models/registry.ts';
import { forecastPrepared } from '../../../src/pipeline.ts';
import { inline } from '../../../src/run/inline.ts';
import { threads } from '../../../src/run/threads.ts';
import { decodeState, encodeState } from '../../../src/store/plain-data.ts';
import { shell, steadyWeek, twoProducts } from '../../shell.ts';
import { promotedShop } from '../promoted-shop.ts';

const H = 7;
const CONTEXT = { h: H, season_length: 7, seed: 1 };
const { panel } = promotedShop();
const before = cutPanel(panel, 14);
const options = { steps: 60, batch: 16, width: 8, window: 16, networks: 2 };
const model = createGlobal({ model: 'lstm', options }) as GlobalModel<DeepState>;
const saved = Promise.resolve(model.fitAll(before, CONTEXT));

describe('a network that goes on with newer data', () => {
  it('starts from what it learned, reads data as it did, and takes fewer steps', async () => {
    const state = decodeState(encodeState(await saved)) as DeepState;
    const tuned = await model.fineTune!(state, panel, CONTEXT);
    expect(await model.fineTune!(await saved, panel, CONTEXT)).toEqual(tuned);
    expect(tuned.readings).toEqual(state.readings);
    expect(tuned.sizes).toEqual(state.sizes);
    const [curve, first] = [tuned.histories[0]!, state.histories[0]!];
    expect(curve.at(-1)!.step).toBeLessThan(first.at(-1)!.step / 2);
    // It begins about where the first training ended.
    const mean = (moments: typeof first): number =>
      moments.reduce((sum, { loss }) => sum + loss / moments.length, 0);
    expect(mean(curve)).toBeLessThan(mean(first));
    for (const [k, { theta }] of tuned.networks.entries()) {
      const moved = theta.reduce((sum, v, j) => sum + Math.abs(v - state.networks[k]!.theta[j]!), 0);
      expect(moved).toBeGreaterThan(0);
    }
    // Going on again is a share of the first training, not of the last.
    const again = await model.fineTune!(tuned, panel, CONTEXT);
    expect(again.histories[0]!.at(-1)!.step).toBe(curve.at(-1)!.step);
    expect(again.settings).toEqual(state.settings);
    const found = await model.forecastAll(tuned, panel, H);
    expect(found[0]!.mean.every(Number.isFinite)).toBe(true);
  }, 60_000);

  it('refuses what it cannot read as before, and tells of categories that are new', async () => {
    const state = await saved;
    const tune = (other: Panel, context = CONTEXT): Promise<DeepState> =>
      Promise.resolve(model.fineTune!(state, other, context));
    await expect(tune({ ...panel, knownFuture: [] })).rejects.toThrow(
      'lstm was fitted with the column "promo", which this panel does not have; give it, or train anew.',
    );
    const more = [...panel.statics, { name: 'size', values: new Float64Array(12) }];
    await expect(tune({ ...panel, statics: more })).rejects.toThrow(
      'lstm was fitted without the column "size"; leave it out, or train anew with it.',
    );
    await expect(tune(panel, { ...CONTEXT, h: 8 })).rejects.toThrow(UsageError);
    await expect(tune(cutPanel(panel, 116))).rejects.toThrow(
      'lstm was fitted to a season of 7 periods, and this panel has none; train anew.',
    );
    const [kind] = panel.statics;
    const named = { ...panel, statics: [{ ...kind!, levels: ['flat', 'odd'] }] };
    const tuned = await tune(named);
    expect(model.remarksOf!(tuned)).toEqual([
      'lstm does not know the kind "odd" and learns what is new together as one; train anew to tell apart.',
    ]);
  }, 60_000);
});

describe('an update of a forecast', () => {
  const made = (async (): Promise<Choice> => {
    const outcome = await forecastPrepared(
      { panel: before, changes: [], notes: [] },
      { h: H, windows: 2, models: [{ model: 'lstm', options }, 'theta', 'boosted'], keep: true },
    );
    return { ...outcome, seed: 1, support: {} };
  })();
  const two = threads(2);
  afterAll(() => two.close());

  it('keeps the weights, learns on, and serves series that are new; the same from threads', async () => {
    const choice = await made;
    const ids = panel.ids.map((id, i) => (i === 3 ? 'late' : id));
    const now = { ...panel, ids };
    const ask = { h: H, level: [80] };
    const update = await updateForecast(now, choice, ask, inline());
    expect(update.notes).toContain(
      '1 series, such as "late", is new: the mean weights of all others serve it.',
    );
    const weightsOf = (blend: Choice['fitted'][number]): unknown =>
      blend.map(({ spec, weight }) => [spec.model, weight]).sort();
    expect(weightsOf(update.choice.fitted[5]!)).toEqual(weightsOf(choice.fitted[5]!));
    expect(update.choice.global.map(({ spec }) => spec.model).sort()).toEqual(
      choice.global.map(({ spec }) => spec.model).sort(),
    );
    expect(update.forecast.mean.every((v) => v >= 0)).toBe(true);
    expect(update.forecast.start[0]).toBe(before.start[0]! + 120);
    const threaded = await updateForecast(now, choice, ask, two);
    expect(threaded.forecast).toEqual(update.forecast);
    // What it comes to can be gone on from in turn.
    const next = await updateForecast(now, update.choice, ask, inline());
    expect(next.choice.calibration).toEqual(update.choice.calibration);
    const idle = expect.stringMatching(/^this data ends at \S+, as that of the saved models does/);
    expect(next.notes).toContainEqual(idle);
    expect(update.notes).not.toContainEqual(idle);
  }, 120_000);

  it('refuses data that ends before, has other series or is of another frequency', async () => {
    const choice = await made;
    const ask = { h: H, level: [80] };
    await expect(updateForecast(cutPanel(panel, 20), choice, ask, inline())).rejects.toThrow(
      /^the saved models know sales up to \d{4}-\d\d-\d\d, and this data ends at \d{4}-\d\d-\d\d; give data that goes on from there, or train anew\.$/,
    );
    const others = { ...panel, ids: panel.ids.map((id) => `other ${id}`) };
    await expect(updateForecast(others, choice, ask, inline())).rejects.toThrow(
      'none of the 12 series, such as "other p0", is among those that the saved models know; train anew.',
    );
    const weekly = { ...panel, freq: { ...panel.freq, alias: 'W-MON' } };
    await expect(updateForecast(weekly, choice, ask, inline())).rejects.toThrow(DataError);
  }, 60_000);
});

describe('bellwether forecast --from', () => {
  const { folder, printed, run } = shell();
  const sales = (days: number): string => {
    const path = join(folder, `${days}.csv`);
    writeFileSync(path, twoProducts(days, steadyWeek));
    return path;
  };

  it('forecasts newer data from a saved run, and that again, and refuses what the run has settled', async () => {
    const network = 'lstm(steps=30,batch=16,width=8,networks=1)';
    expect(await run('train', sales(60), '-H', '7', '--models', network, '--windows', '2')).toBe(0);
    printed.out = '';
    expect(await run('forecast', sales(67), '--from', 'latest')).toBe(0);
    const first = printed.out;
    expect(first.split('\n')[1]).toMatch(/^cup,2026-03-09,/);
    expect(printed.talk).toMatch(/Went on from run \S+, 7 days ahead/);
    printed.out = '';
    expect(await run('forecast', '--run', 'latest')).toBe(0);
    expect(printed.out).toBe(first);
    expect(await run('explain', 'latest', 'cup')).toBe(0);
    expect(await run('train', sales(70), '--from', 'latest')).toBe(0);
    expect(await run('forecast', sales(67), '--from', 'latest')).toBe(3);
    expect(printed.talk).toContain(
      'the saved models know sales up to 2026-03-11, and this data ends at 2026-03-08;',
    );
    expect(await run('forecast', sales(70), '--from', 'latest', '--models', 'ets')).toBe(2);
    expect(printed.talk).toContain(
      '--from keeps what the run was made with; leave out --models, or leave out --from.',
    );
    expect(await run('forecast', sales(70), '--from', 'latest', '-H', '9')).toBe(2);
    expect(printed.talk).toContain(
      'lstm was fitted to 7 periods ahead, and 9 are asked for; train anew with -H 9.',
    );
    expect(await run('forecast', sales(70), '--from', 'latest', '--run', 'latest')).toBe(2);
  }, 60_000);
});
