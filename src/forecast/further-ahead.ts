// A forecast further ahead than models of the whole panel were fitted to: they reach as far as they can, what they forecast is taken
// for what happened, and they look ahead from there. After the recursive strategy of Ben Taieb, Bontempi, Atiya and Sorjamaa (2012),
// in blocks of the horizon.
import { MS_PER_DAY, weekday } from '../core/calendar.ts';
import type { QuantileDistribution } from '../core/distribution.ts';
import { timestamp } from '../core/frequency.ts';
import { extendPanel } from '../core/moved-end.ts';
import { CellState, endOf, lengthOf, type Panel } from '../core/panel.ts';
import type { FittedBlend } from '../models/fitted-blend.ts';
import type { ModelSpec } from '../models/model.ts';
import { createGlobal, specName } from '../models/registry.ts';
import { type Share, shareOf } from '../models/share.ts';
import type { GlobalFit } from './global-forecast.ts';

/** A copy of the panel that goes on as forecast; where the shop is shut nothing is seen. Past-only columns keep their last value. */
function continued(panel: Panel, forecasts: readonly QuantileDistribution[]): Panel {
  const h = forecasts[0]!.mean.length;
  const longer = extendPanel(panel, h);
  for (const [i, { mean }] of forecasts.entries()) {
    for (const [s, value] of mean.entries()) {
      const at = longer.offsets[i]! + lengthOf(panel, i) + s;
      const day = weekday(timestamp(panel.freq, endOf(panel, i) + s) / MS_PER_DAY);
      const isShut = panel.closedWeekdays.includes(day);
      longer.state[at] = isShut ? CellState.closed : CellState.observed;
      if (!isShut) longer.y[at] = value;
      for (const { values } of longer.pastOnly)
        values[at] = at > longer.offsets[i]! ? values[at - 1]! : Number.NaN;
    }
  }
  return longer;
}

/**
 * What follows a forecast when it is taken for what happened. Its last error goes on through all that is built on it, so it is added
 * to the errors of each later step, as independent errors add up.
 */
function joined(first: QuantileDistribution, next: QuantileDistribution): QuantileDistribution {
  const width = first.probabilities.length;
  const last = first.mean.length - 1;
  const values = next.values.map((value, at) => {
    const [s, k] = [Math.floor(at / width), at % width];
    const carried = first.values[last * width + k]! - first.mean[last]!;
    const own = value - next.mean[s]!;
    // Signs and all, so that quantiles do not cross.
    const square = carried * Math.abs(carried) + own * Math.abs(own);
    return next.mean[s]! + Math.sign(square) * Math.sqrt(Math.abs(square));
  });
  const all = (a: Float64Array, b: Float64Array): Float64Array => Float64Array.from([...a, ...b]);
  return { ...first, mean: all(first.mean, next.mean), values: all(first.values, values) };
}

/** What each series holds of a fit to `reach` periods ahead when it is forecast h ahead. */
async function sharesAhead(
  panel: Panel,
  { spec, state }: GlobalFit,
  reach: number,
  h: number,
): Promise<Share[]> {
  const model = createGlobal(spec)!;
  let [known, done] = [panel, 0];
  let all: QuantileDistribution[] = [];
  while (done < h) {
    const steps = Math.min(reach, h - done);
    const next = await model.forecastAll(state, known, steps, { gaps: true });
    all = done === 0 ? next : all.map((first, i) => joined(first, next[i]!));
    done += steps;
    if (done < h) known = continued(known, next);
  }
  return all.map(shareOf);
}

/** Blends that reach h periods ahead, and the models of the whole panel that are fed back to do so. */
export interface Lengthened {
  readonly fitted: readonly FittedBlend[];
  /** Names; none where all reach so far by themselves. */
  readonly fedBack: readonly string[];
}

/**
 * Lets blends whose models of the whole panel were fitted to `reach` periods look h periods ahead. Known-future columns of the panel
 * must reach as far.
 */
export async function lengthened(
  panel: Panel,
  { fitted, global }: { readonly fitted: readonly FittedBlend[]; readonly global: readonly GlobalFit[] },
  reach: number,
  h: number,
): Promise<Lengthened> {
  if (h <= reach || global.length === 0) return { fitted, fedBack: [] };
  const nameOf = (spec: ModelSpec): string => JSON.stringify(spec);
  const shares = new Map<string, Share[]>();
  for (const fit of global) shares.set(nameOf(fit.spec), await sharesAhead(panel, fit, reach, h));
  return {
    fitted: fitted.map((blend, i) =>
      blend.map((member) => {
        const own = shares.get(nameOf(member.spec));
        return own ? { ...member, state: own[i]! } : member;
      }),
    ),
    fedBack: global.map(({ spec }) => specName(spec)),
  };
}
