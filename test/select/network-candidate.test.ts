import { describe, expect, it, vi } from 'vitest';
import type { Panel } from '../../src/core/panel.ts';
import { tryingCosts } from '../../src/evaluate/cost.ts';
import { effortsOf } from '../../src/models/registry.ts';
import { evaluate, forecastPrepared } from '../../src/pipeline.ts';
import { threads } from '../../src/run/threads.ts';
import { eligibility, NETWORK } from '../../src/select/candidates.ts';
import { weighedSentences } from '../../src/select/effort.ts';
import { planNetwork } from '../../src/select/network-candidate.ts';
import { panelOf, weeklySeries } from '../panels.ts';

const MISSING = 'networks train fastest on onnxruntime-node, which is not installed; type: npm install';
let isMissing = false;

vi.mock('../../src/learn/network/runtime.ts', async (original) => ({
  ...(await original<object>()),
  nativeHindrance: async () => (isMissing ? MISSING : undefined),
}));

const plan = { h: 7, windows: 4, step: 3, season_length: 12 };
/** Nominal milliseconds of a default budget. */
const USUAL = 150_000;
const small = panelOf(weeklySeries(60, 120), 'MS');
const large = panelOf(weeklySeries(1000, 300), 'MS');
/** The small one, with prices. */
const told: Panel = {
  ...small,
  knownFuture: [{ name: 'price', values: new Float64Array(small.y.length) }],
};
const UNUSUAL =
  'by default one is tried on months, quarters and years alone, where no columns are known ahead';

function planned(panel: Panel, budget: number, { segment = 'smooth', model = 'arima' } = {}) {
  const company = {
    plan,
    segments: panel.ids.map(() => segment),
    models: [{ model }],
    eligible: new Uint8Array(panel.ids.length).fill(1),
    globals: 0,
  };
  return planNetwork(panel, company, { budget, usual: USUAL });
}
const effortsFor = (panel: Panel) => effortsOf(NETWORK.spec, panel, plan);

describe('a network among the candidates of auto', () => {
  it('joins a small panel of months in the cheapest way by default, where the others leave time for it', async () => {
    const cheapest = effortsFor(small).at(-1)!;
    expect(cheapest.options).toEqual({ networks: 1, steps: 200 });
    expect(await planned(small, USUAL)).toEqual({ effort: cheapest });
    // Its share of so small a budget would not do, nor would what is left of one that is nearly spent.
    expect((await planned(small, 2.9 * cheapest.cost)).why).toContain('the budget has no time');
    const [spent] = tryingCosts(small, [{ model: 'arima' }], plan);
    const left = USUAL - 60 * spent!;
    const company = { plan, segments: small.ids.map(() => 'smooth'), models: [{ model: 'arima' }] };
    const beside = (globals: number) =>
      planNetwork(
        small,
        { ...company, eligible: new Uint8Array(60).fill(1), globals },
        { budget: USUAL, usual: USUAL },
      );
    expect((await beside(left - cheapest.cost - 1)).effort).toEqual(cheapest);
    expect((await beside(left - cheapest.cost + 1)).effort).toBeUndefined();
  });

  it.each([
    ['a large panel, whose other models take all of it', large, 'the budget has no time for one'],
    ['a panel of days', panelOf(weeklySeries(60, 120)), UNUSUAL],
    ['a panel of weeks', panelOf(weeklySeries(60, 120), 'W-SUN'), UNUSUAL],
    ['a panel with columns that are known ahead', told, UNUSUAL],
  ])('is left out by default of %s, and joins with the budget that is named', async (_, panel, reason) => {
    const { effort, why } = await planned(panel, USUAL);
    expect(effort).toBeUndefined();
    const named = /^(.+) \(--budget (\d+) lets lstm in\)$/.exec(why!);
    expect(named?.[1]).toBe(reason);
    const enough = 1000 * Number(named![2]);
    expect(await planned(panel, enough)).toEqual({ effort: effortsFor(panel).at(-1) });
    expect((await planned(panel, enough - 10_000)).effort).toBeUndefined();
  });

  it('is as thorough as can be with a large budget', async () => {
    expect(await planned(large, 1_800_000)).toEqual({ effort: effortsFor(large)[0] });
    expect(effortsFor(large)[0]!.options).toEqual({});
  });

  it('is not tried on few series, nor where most periods are without a sale', async () => {
    const few = panelOf(weeklySeries(49, 120), 'MS');
    expect(await planned(few, Infinity)).toEqual({ why: 'networks learn from 50 series on' });
    for (const segment of ['intermittent', 'lumpy']) {
      expect(await planned(small, Infinity, { segment })).toEqual({
        why: 'none gains where most periods are without a sale',
      });
    }
    const asked = { segments: ['smooth', 'lumpy'], histories: [100, 100], season_length: 7 };
    expect([...eligibility([NETWORK.spec], asked, false)]).toEqual([1, 0]);
    // One that was named is tried on all.
    expect([...eligibility([{ model: 'lstm' }], asked, false)]).toEqual([1, 1]);
  });
});

/** Short series without a season, which are soon tried. */
const prepared = {
  panel: panelOf(
    Object.fromEntries(Object.entries(weeklySeries(50, 40)).map(([id, y]) => [id, y.subarray(0, 16)])),
    'YS',
  ),
  changes: [],
  notes: [],
};
const FAMILIES = 'simple rules, exponential smoothing, ARIMA, Theta, regression';

describe('what auto says of networks', () => {
  it('is that none was weighed where there is no time for it, and which families were', async () => {
    const { notes, effort } = await forecastPrepared(prepared, { h: 2, windows: 2, budget: 15 });
    expect(notes).toEqual([
      expect.stringMatching(
        `^Weighed by backtest: ${FAMILIES} and boosted trees; no network, as the budget has no time for one \\(--budget \\d+ lets lstm in\\)\\.$`,
      ),
    ]);
    expect(effort.segments[0]!.tried).not.toContain('lstm');
  }, 60_000);

  it('is that the runtime is missing, where there is time', async () => {
    isMissing = true;
    try {
      const { effort } = await evaluate(prepared.panel, { h: 2, windows: 2 });
      expect(weighedSentences(effort)).toEqual([
        `Weighed by backtest: ${FAMILIES} and boosted trees; no network, as ${MISSING}.`,
      ]);
    } finally {
      isMissing = false;
    }
  }, 60_000);

  it('names networks among the families where one was weighed, with the same bytes from threads', async () => {
    const executor = threads(2);
    const options = { h: 2, windows: 2 };
    try {
      const alone = await forecastPrepared(prepared, options);
      expect(alone.notes).toEqual([`Weighed by backtest: ${FAMILIES}, boosted trees and networks.`]);
      expect(alone.effort.segments[0]!.tried).toContain('lstm');
      expect(alone.scores.map(({ model }) => model)).toContain('lstm');
      const threaded = await forecastPrepared(prepared, { ...options, executor });
      expect(threaded.forecast).toEqual(alone.forecast);
      expect(threaded.scores).toEqual(alone.scores);
    } finally {
      await executor.close();
    }
  }, 120_000);

  it('is nothing where models are named without auto', async () => {
    const { effort } = await evaluate(prepared.panel, { h: 2, models: ['ses', 'theta'] });
    expect(weighedSentences(effort)).toEqual([]);
  });
});
