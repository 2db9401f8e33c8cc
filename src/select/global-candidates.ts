// Candidates that learn from the whole panel: which of them the budget can pay for, and how thoroughly they learn.
import type { Panel } from '../core/panel.ts';
import type { WindowPlan } from '../evaluate/windows.ts';
import type { Effort } from '../models/global-model.ts';
import type { ModelSpec } from '../models/model.ts';
import { createGlobal, effortsOf } from '../models/registry.ts';

/** What is done of a global candidate. */
export interface GlobalPlan {
  /** One a candidate: the spec as it is tried; undefined for models of single series and for those left out. */
  readonly specs: readonly (ModelSpec | undefined)[];
  /** Candidates that are too costly. */
  readonly dropped: readonly number[];
  /** Nominal milliseconds that all of it takes. */
  readonly cost: number;
  /** Those of them that the candidates take which were asked for whatever they cost. */
  readonly granted: number;
}

/** The share of the budget that one model of the whole panel may take. */
export const SHARE: number = 1 / 3;

/**
 * Plans the global candidates within a budget of nominal milliseconds: each is tried as thoroughly as its share can pay for, in
 * the ways that it offers, or not at all; those that are `asked` for by name, as thoroughly as can be.
 */
export function planGlobals(
  panel: Panel,
  models: readonly ModelSpec[],
  plan: Required<WindowPlan>,
  budget: number,
  asked: (spec: ModelSpec) => boolean = () => false,
): GlobalPlan {
  const room = SHARE * budget;
  const dropped: number[] = [];
  let [cost, granted] = [0, 0];
  const specs = models.map((spec, j) => {
    if (!createGlobal(spec)) return undefined;
    const effort = effortsOf(spec, panel, plan).find((own) => asked(spec) || own.cost <= room);
    if (!effort) {
      dropped.push(j);
      return undefined;
    }
    cost += effort.cost;
    if (asked(spec)) granted += effort.cost;
    return { model: spec.model, options: { ...effort.options, ...spec.options } };
  });
  return { specs, dropped, cost, granted };
}

/** The plan with one candidate more, which comes last. */
export const withGlobal = (
  plan: GlobalPlan,
  { model }: ModelSpec,
  { options, cost }: Effort,
): GlobalPlan => ({
  ...plan,
  specs: [...plan.specs, { model, options }],
  cost: plan.cost + cost,
});
