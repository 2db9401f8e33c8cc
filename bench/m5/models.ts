// The forecasters of each part, by the name of their row.
import type { BoostedState } from '../../src/models/boosted.ts';
import { type PanelForecaster, seriesBySeries, wholeWay, withTrees } from '../whole-panel.ts';

/** A forecaster with a season of its own. */
const seasonal =
  (season: number): PanelForecaster =>
  (panel, h, _, seed) =>
    seriesBySeries('seasonal-naive')(panel, h, season, seed);

type Forecasters = Readonly<Record<string, Readonly<Record<string, PanelForecaster>>>>;

/** By part and name; `tell` is given each fit of trees. */
export const forecasters = (tell?: (state: BoostedState) => void): Forecasters => ({
  levels: {
    'seasonal naive, 7 days': seasonal(7),
    'seasonal naive, 28 days': seasonal(28),
    mstl: seriesBySeries('mstl'),
    combination: seriesBySeries('combination'),
    boosted: withTrees({}, tell),
    auto: wholeWay,
  },
  monthly: {
    'seasonal naive, 12 months': seasonal(12),
    'mean of the last 12 months': seriesBySeries('window-average'),
    ets: seriesBySeries('ets'),
    boosted: withTrees({}, tell),
    auto: wholeWay,
  },
  large: {
    'seasonal naive, 7 days': seasonal(7),
    boosted: withTrees({}, tell),
  },
});
