import { describe, expect, it } from 'vitest';
import { payable, planWork, shortlists, type Workload } from '../../src/select/work-plan.ts';

/** Candidates: the baseline (1 ms a series), a cheap one (2 ms), a good one (10 ms), a costly one (15 ms). */
const COSTS = [1, 2, 10, 15];
const M = COSTS.length;

function load(series: number, budget: number, segments = ['smooth']): Workload {
  return {
    segments: Array.from({ length: series }, (_, i) => segments[i % segments.length]!),
    lengths: new Int32Array(series).fill(100),
    candidates: M,
    eligible: new Uint8Array(series * M).fill(1),
    costs: Float64Array.from({ length: series * M }, (_, at) => COSTS[at % M]!),
    budget,
    bytesPerSeries: 1000,
    baseline: 0,
  };
}

const choosable = (rows: number): Uint8Array => new Uint8Array(rows * M).fill(1);
const weights = (rows: number, each: readonly number[]): Float64Array =>
  Float64Array.from({ length: rows * M }, (_, at) => each[at % M]!);

describe('the plan of work', () => {
  it('tries all on all where that fits', () => {
    const plan = planWork(load(100, 28 * 100));
    expect(plan).toMatchObject({ affordable: true, blocks: [], dropped: [] });
    expect(plan.pilot).toHaveLength(100);
  });

  it('tries all on a pilot otherwise, within a third of the budget, and the others follow in blocks', () => {
    const plan = planWork(load(10_000, 160_000));
    expect(plan.affordable).toBe(false);
    expect(plan.pilotCost).toBeLessThanOrEqual(160_000 / 3);
    expect(plan.pilot.length).toBeGreaterThanOrEqual(60);
    const others = plan.blocks.flatMap((block) => Array.from(block));
    expect([...plan.pilot, ...others].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 10_000 }, (_, i) => i),
    );
  });

  it('spends nothing of the pilot on what no segment could pay for, and takes more series for it', () => {
    // 10 and 15 ms for each of 10,000 series are more than there is; without them the pilot costs 3 ms a series, and not 28.
    const plan = planWork(load(10_000, 25_000, ['smooth', 'lumpy']));
    expect(plan.dropped).toEqual([2, 3]);
    expect(plan.pilot).toHaveLength(2000);
  });
});

describe('the shortlist', () => {
  const work = load(10_000, 160_000);
  const plan = planWork(work);
  const rows = plan.pilot.length;

  it('weighs only what could be paid for on all series', () => {
    // About 118 s are left for 8,500 series, 14 ms each: the costly one does not fit beside the baseline.
    expect(Array.from(payable(work, plan, choosable(rows)).subarray(0, M))).toEqual([1, 1, 1, 0]);
  });

  it('takes what has most weight for its cost, and stays within the budget', () => {
    const [list] = shortlists(work, plan, weights(rows, [0, 0.2, 0.8, 0]), choosable(rows));
    expect(Array.from(list!.models)).toEqual([1, 1, 1, 0]);
    // One of equal weight but half again the cost comes second, and has no room beside the first.
    const [first] = shortlists(work, plan, weights(rows, [0, 0, 0.5, 0.5]), choosable(rows));
    expect(Array.from(first!.models)).toEqual([1, 0, 1, 0]);
  });

  it('never has fewer than two models, and is of each segment', () => {
    const two = load(10_000, 160_000, ['smooth', 'lumpy']);
    const plans = planWork(two);
    const none = weights(plans.pilot.length, [0, 0, 0, 1]);
    const lists = shortlists(two, plans, none, choosable(plans.pilot.length));
    expect(lists.map(({ segment }) => segment).sort()).toEqual(['lumpy', 'smooth']);
    for (const { models } of lists) expect(Array.from(models)).toEqual([1, 1, 0, 0]);
  });
});
