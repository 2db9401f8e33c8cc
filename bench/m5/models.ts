// The forecasters of each part, by the name of their row.
import type { BoostedOptions, BoostedState } from '../../src/models/boosted.ts';
import { type PanelForecaster, seriesBySeries, wholeWay, withTrees } from '../whole-panel.ts';

/** A forecaster with a season of its own. */
const seasonal =
  (season: number): PanelForecaster =>
  (panel, h, _, seed) =>
    seriesBySeries('seasonal-naive')(panel, h, season, seed);

type Forecasters = Readonly<Record<string, Readonly<Record<string, PanelForecaster>>>>;

/** Of a quick run: enough to see that it works. */
const QUICK: BoostedOptions = { rows: 10_000, trials: 1, quantiles: [] };

/** By part and name; `tell` is given each fit of trees. A quick run has smaller trees, and leaves the whole way out. */
export function forecasters(quick: boolean, tell?: (state: BoostedState) => void): Forecasters {
  const trees = withTrees(quick ? QUICK : {}, tell);
  // Better on two windows before d_1858.
  const days = withTrees({ ...(quick ? QUICK : {}), transform: 'scale' }, tell);
  const whole = quick ? {} : { auto: wholeWay };
  return {
    levels: {
      'seasonal naive, 7 days': seasonal(7),
      'seasonal naive, 28 days': seasonal(28),
      mstl: seriesBySeries('mstl'),
      additive: seriesBySeries('additive'),
      boosted: days,
      ...whole,
    },
    monthly: {
      'seasonal naive, 12 months': seasonal(12),
      'mean of the last 12 months': seriesBySeries('window-average'),
      'dynamic-optimised-theta': seriesBySeries('dynamic-optimised-theta'),
      boosted: trees,
      ...whole,
    },
    large: {
      'seasonal naive, 7 days': seasonal(7),
      boosted: trees,
    },
  };
}
