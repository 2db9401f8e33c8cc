// The network among the candidates of `auto`: it joins where it has gained and time is left for it, or where a budget beyond the
// usual one pays for it; where it does not, why.
import type { Panel } from '../core/panel.ts';
import { tryingCosts } from '../evaluate/cost.ts';
import type { WindowPlan } from '../evaluate/windows.ts';
import type { Effort } from '../models/global-model.ts';
import type { ModelSpec } from '../models/model.ts';
import { effortsOf, hindranceOf } from '../models/registry.ts';
import { isServedByNetwork, MANY, NETWORK } from './candidates.ts';
import { SHARE } from './global-candidates.ts';

/** What the network would stand beside. */
export interface Company {
  readonly plan: Required<WindowPlan>;
  /** The kind of demand of each series. */
  readonly segments: readonly string[];
  readonly models: readonly ModelSpec[];
  /** Which of the models are tried on which series. */
  readonly eligible: Uint8Array;
  /** Nominal milliseconds of those of the whole panel. */
  readonly globals: number;
}

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

/** Periods on which a blend with a network gained where nothing is known ahead: 0.6 to 4.6 % on six panels of seven. */
const COARSE = ['month', 'quarter', 'year'];

/** Budgets are named in round numbers of seconds. */
const ROUND = 10;

/** What the others leave of the budget, in nominal milliseconds. */
function leftBy({ plan, models, eligible, globals }: Company, panel: Panel, budget: number): number {
  const costs = tryingCosts(panel, models, plan);
  return budget - globals - eligible.reduce((sum, yes, at) => sum + yes * costs[at]!, 0);
}

/**
 * Plans the network. A third of what is given beyond the usual budget is its own, and it is as thorough as that can pay for. By default
 * it is tried in the cheapest way, only with what all others leave, and only where it gained on earlier windows
 * (`bench/networks-in-auto`): on days and weeks it did not, and where prices were known it did harm.
 */
export async function planNetwork(
  panel: Panel,
  company: Company,
  { budget, usual }: Means,
): Promise<NetworkPlan> {
  const { segments, plan } = company;
  if (panel.ids.length < MANY) return { why: `networks learn from ${MANY} series on` };
  const served = segments.filter(isServedByNetwork).length;
  if (2 * served < segments.length) return { why: 'none gains where most periods are without a sale' };
  const efforts = effortsOf(NETWORK.spec, panel, plan);
  const cheapest = efforts.reduce((least, own) => (own.cost < least.cost ? own : least));
  const isUsual = panel.knownFuture.length === 0 && COARSE.includes(panel.freq.unit);
  const left = isUsual ? Math.min(SHARE * budget, leftBy(company, panel, budget)) : 0;
  const effort =
    efforts.find(({ cost }) => cost <= SHARE * (budget - usual)) ??
    (cheapest.cost <= left ? cheapest : undefined);
  if (!effort) {
    const enough = ROUND * Math.ceil((usual + cheapest.cost / SHARE) / 1000 / ROUND);
    const reason = isUsual
      ? 'the budget has no time for one'
      : 'by default one is tried on months, quarters and years alone, where no columns are known ahead';
    return { why: `${reason} (--budget ${enough} lets ${NETWORK.spec.model} in)` };
  }
  const why = await hindranceOf(NETWORK.spec);
  return why === undefined ? { effort } : { why };
}
