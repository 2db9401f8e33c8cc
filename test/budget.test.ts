import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../src/core/checkpoint.ts';
import { type ForecastOptions, forecastPrepared, type Outcome } from '../src/pipeline.ts';
import { threads } from '../src/run/threads.ts';
import { planWork, shortlists, type Workload } from '../src/select/work-plan.ts';
import { panelOf, weeklySeries } from './panels.ts';

const SERIES = 500;
const panel = panelOf(weeklySeries(SERIES, 50));
const run = (options: Partial<ForecastOptions> = {}): Promise<Outcome> =>
  forecastPrepared({ panel, changes: [], notes: [] }, { h: 7, keep: true, ...options });
/** Enough for a sample of the series, and for a few models on the others. */
const budget = 1.5;

/** A checkpoint in memory that fails from a given number of kept pieces on, as a kill would. */
function memory(most = Infinity): Checkpoint & { kept: Map<string, unknown>; taken: string[] } {
  const kept = new Map<string, unknown>();
  const taken: string[] = [];
  return {
    kept,
    taken,
    get: async (key) => {
      if (kept.has(key)) taken.push(key);
      return structuredClone(kept.get(key));
    },
    put: async (key, value) => {
      if (kept.size >= most) throw new Error('killed');
      kept.set(key, structuredClone(value));
    },
  };
}

describe('a budget', () => {
  it('tries everything on a sample, and what is of use there on the others', async () => {
    const { effort, forecast, scores, trial } = await run({ budget });
    const smooth = effort.segments.find(({ segment }) => segment === 'smooth')!;
    expect(effort.whole).toBe(false);
    expect(effort.wanted).toBeGreaterThan(budget);
    expect(smooth.pilot).toBeGreaterThan(50);
    expect(smooth.pilot).toBeLessThan(SERIES / 2);
    expect(smooth.shortlist.length).toBeLessThan(smooth.tried.length);
    expect(smooth.shortlist).toContain('seasonal-naive');
    expect(forecast.mean.every(Number.isFinite)).toBe(true);
    expect(trial.hidden.every((cells) => cells === 7)).toBe(true);
    const auto = scores.find(({ model, segment }) => model === 'auto' && segment === 'all')!;
    expect(auto.series).toBe(SERIES);
    expect(auto.skill).toBeGreaterThan(0.1);
    expect(auto.coverage[80]!).toBeGreaterThan(0.75);
    expect(auto.coverage[80]!).toBeLessThan(0.85);
    // Only what was tried on all series is set beside it.
    const rows = scores.filter(({ segment }) => segment === 'all').map(({ model }) => model);
    expect(rows.toSorted()).toEqual(['auto', ...smooth.shortlist].toSorted());
  });

  it('changes nothing where it suffices', async () => {
    const few = { panel: panelOf(weeklySeries(20, 50)), changes: [], notes: [] };
    const usual = await forecastPrepared(few, { h: 7 });
    expect(usual.effort.whole).toBe(true);
    expect((await forecastPrepared(few, { h: 7, budget: 60 })).forecast).toEqual(usual.forecast);
  });

  it('leaves models that were named alone unless it is given', async () => {
    const models = ['ses', 'theta', 'seasonal-naive'];
    expect((await run({ models })).effort.whole).toBe(true);
    expect((await run({ models, budget: 0.2 })).effort.whole).toBe(false);
  });

  it('gives the same bytes on threads', async () => {
    const executor = threads(2);
    const [one, two] = [await run({ budget }), await run({ budget, executor })];
    await executor.close();
    expect(two.forecast).toEqual(one.forecast);
    expect(two.scores).toEqual(one.scores);
    expect(two.fitted).toEqual(one.fitted);
  });

  it('goes on from a checkpoint with the same bytes, and does not do again what is there', async () => {
    const whole = await run({ budget });
    const checkpoint = memory(2);
    await expect(run({ budget, checkpoint })).rejects.toThrow('killed');
    expect([...checkpoint.kept.keys()]).toEqual(['pilot', 'block-0']);
    const later = memory();
    for (const [key, value] of checkpoint.kept) later.kept.set(key, value);
    const resumed = await run({ budget, checkpoint: later });
    expect(later.taken).toEqual(['pilot', 'block-0']);
    expect(resumed.forecast).toEqual(whole.forecast);
    expect(resumed.scores).toEqual(whole.scores);
    expect(resumed.trial).toEqual(whole.trial);
    expect(resumed.calibration).toEqual(whole.calibration);
  });

  it('is refused where it is none', async () => {
    await expect(run({ budget: 0 })).rejects.toThrow('budget is 0; give seconds above 0, such as 100.');
    await expect(run({ budget: Number.NaN })).rejects.toThrow('budget is NaN');
  });
});

describe('the plan of work', () => {
  const M = 4;
  const [n, costs] = [6000, [1, 2, 5, 1000]];
  const load: Workload = {
    segments: Array.from({ length: n }, (_, i) => (i % 5 === 2 ? 'lumpy' : 'smooth')),
    lengths: Array.from({ length: n }, (_, i) => (i < n / 2 ? 20 : 100)),
    candidates: M,
    eligible: new Uint8Array(n * M).fill(1),
    costs: Float64Array.from({ length: n * M }, (_, at) => costs[at % M]!),
    budget: 31_000,
    bytesPerSeries: 1000,
    baseline: 0,
  };

  it('gives every series one place', () => {
    const { pilot, blocks } = planWork(load);
    const places = [...pilot, ...blocks.flatMap((block) => [...block])].sort((a, b) => a - b);
    expect(places).toEqual(Array.from({ length: n }, (_, i) => i));
  });

  it('keeps the pilot to a third of the budget, drops what nobody could pay for, and takes all lengths', () => {
    const { pilot, dropped, pilotCost } = planWork(load);
    expect(dropped).toEqual([3]);
    expect(pilotCost).toBeLessThanOrEqual(load.budget / 3);
    const short = pilot.filter((i) => load.lengths[i] === 20).length;
    expect(short / pilot.length).toBeCloseTo(0.5, 1);
    expect(pilot.filter((i) => load.segments[i] === 'lumpy').length).toBeGreaterThan(50);
  });

  it('works in blocks where memory asks for it, though the budget suffices', () => {
    const { pilot, blocks, affordable, dropped } = planWork({
      ...load,
      budget: Infinity,
      bytesPerSeries: 1e6,
    });
    expect(affordable).toBe(true);
    expect(dropped).toEqual([]);
    expect(pilot.length).toBeLessThanOrEqual(1000);
    expect(Math.max(...blocks.map((block) => block.length))).toBeLessThanOrEqual(250);
  });

  it('shortlists by weight as far as the budget goes, and two models at least', () => {
    const work = planWork(load);
    const weights = Float64Array.from(
      { length: work.pilot.length * M },
      (_, at) => [0, 0.2, 0.8, 0][at % M]!,
    );
    // The baseline may not be chosen for lumpy demand.
    const choosable = Uint8Array.from({ length: work.pilot.length * M }, (_, at) =>
      at % M === 0 && load.segments[work.pilot[Math.floor(at / M)]!] === 'lumpy' ? 0 : 1,
    );
    const listed = (budget: number, kind: string): number[] => {
      const lists = shortlists({ ...load, budget }, work, weights, choosable);
      return [...lists.find(({ segment }) => segment === kind)!.models];
    };
    expect(listed(1e6, 'smooth')).toEqual([1, 1, 1, 0]);
    expect(listed(30_000, 'smooth')).toEqual([1, 1, 0, 0]);
    expect(listed(0, 'smooth')).toEqual([1, 1, 0, 0]);
    expect(listed(0, 'lumpy')).toEqual([1, 1, 1, 0]);
  });
});
