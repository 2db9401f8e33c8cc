// The network among the candidates of `auto`: it joins where a budget beyond the usual one has time for it; where it does not, why.
import type { Panel } from '../core/panel.ts';
import type { Effort, GlobalPlan } from '../models/global-model.ts';
import { effortsOf, hindranceOf } from '../models/registry.ts';
import { isServedByNetwork, MANY, NETWORK } from './candidates.ts';
import { SHARE } from './global-candidates.ts';

/** What there is to spend, in nominal milliseconds, and what there is where nobody says how much. */
export interface Means {
  readonly budget: number;
  readonly usual: number;
}

export interface NetworkPlan {
  /** How it is tried; absent where it is not. */
  readonly effort?: Effort;
  /** A clause that says why it is not. */
  readonly why?: string;
}

/** Budgets are named in round numbers of seconds. */
const ROUND = 10;

/**
 * Plans the network for series of the given kinds of demand. It may take a share of what is given beyond the usual budget, and is as
 * thorough as that can pay for. By default it is left out: on earlier windows (`bench/networks-in-auto`) a blend with it was between
 * 1.5 % better and 4 % worse, which is not worth a quarter more time.
 */
export async function planNetwork(
  panel: Panel,
  segments: readonly string[],
  plan: GlobalPlan,
  { budget, usual }: Means,
): Promise<NetworkPlan> {
  if (panel.ids.length < MANY) return { why: `networks learn from ${MANY} series on` };
  const served = segments.filter(isServedByNetwork).length;
  if (2 * served < segments.length) return { why: 'none gains where most periods are without a sale' };
  const efforts = effortsOf(NETWORK.spec, panel, plan);
  const effort = efforts.find(({ cost }) => cost <= SHARE * (budget - usual));
  if (!effort) {
    const least = Math.min(...efforts.map(({ cost }) => cost));
    const enough = ROUND * Math.ceil((usual + least / SHARE) / 1000 / ROUND);
    return { why: `the budget has no time for one (--budget ${enough} lets ${NETWORK.spec.model} in)` };
  }
  const why = await hindranceOf(NETWORK.spec);
  return why === undefined ? { effort } : { why };
}
