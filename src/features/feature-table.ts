// The feature table: rows of series, cutoff and step, and typed columns of what could be known at each cutoff.
import type { Panel } from '../core/panel.ts';
import type { Feature } from '../learn/trees/bins.ts';
import { calendarFeatures } from './calendar-features.ts';
import { columnFeatures } from './column-features.ts';
import type { LiftsBefore } from './event-moves.ts';
import type { FeatureRows, Setting } from './feature-rows.ts';
import { figureFeatures } from './figure-features.ts';
import { groupFeatures, groupingsOf } from './group-features.ts';
import { type History, historyOf } from './history.ts';
import { holidayFeatures } from './holiday-features.ts';
import type { HolidayOptions } from './holidays/holiday-columns.ts';
import { recentLags, seasonalLags } from './lag-features.ts';
import { likenessFeatures } from './likeness-features.ts';
import { localLevels } from './local-level.ts';
import { newcomerLevels } from './newcomer-level.ts';
import { rollingFeatures } from './rolling-features.ts';

/** What features tell of, for explanations: the name of a column, or of what else there is to know. */
export interface Driver {
  readonly name: string;
  /** The part of a forecast that it counts to. */
  readonly part: 'level' | 'seasonal' | 'regressors';
}

/** The values before a cutoff; the local level is one of them. */
export const RECENT: Driver = { name: 'recent values', part: 'level' };
/** What like products sold of late. */
const LIKE: Driver = { name: 'like products', part: 'level' };
/** The season of before, of the product and of products like it. */
export const SEASON: Driver = { name: 'season', part: 'seasonal' };

/** Rows with their features and what targets are made of. */
export interface FeatureTable {
  readonly rows: FeatureRows;
  readonly features: readonly Feature[];
  /** One a feature. */
  readonly drivers: readonly Driver[];
  /** The value of each row's target; NaN where it is not observed (yet). */
  readonly y: Float64Array;
  /** The local level each row is divided by, in units of y; above 0. */
  readonly level: Float64Array;
}

export interface FeatureOptions {
  readonly holidays?: HolidayOptions | undefined;
  /** False for a calendar in which no period is near Easter; defaults to true. */
  readonly easter?: boolean | undefined;
  /** What events do, as far as it was known before a period; by default they are like any other days. */
  readonly liftsBefore?: LiftsBefore | undefined;
}

/**
 * Builds the table. A row sees cells before its cutoff and known-future columns; cells of other series count up to the same
 * date. So one table serves every backtest window: a window takes the rows whose targets lie before its cutoff. Whoever builds
 * several tables of a panel hands its history over, which is larger than the panel.
 */
export function featureTable(
  panel: Panel,
  rows: FeatureRows,
  setting: Setting,
  { holidays, easter = true, liftsBefore }: FeatureOptions = {},
  history: History = historyOf(panel),
): FeatureTable {
  const { series, known, step } = rows;
  const level = localLevels(rows, history, setting.window, newcomerLevels(panel, history));
  const y = Float64Array.from(series, (i, r) => history.value(i, known[r]! + step[r]! - 1));
  const families: (readonly [Driver, readonly Feature[]])[] = [
    [RECENT, recentLags(rows, history, level, setting)],
    [SEASON, seasonalLags(rows, history, level, setting, liftsBefore)],
    [SEASON, figureFeatures(rows, history, setting, liftsBefore)],
    [RECENT, rollingFeatures(rows, history, level, setting)],
    ...groupFeatures(rows, history, groupingsOf(panel.ids.length, panel.statics), setting, liftsBefore).map(
      ({ feature, tells }): [Driver, readonly Feature[]] => [tells === 'season' ? SEASON : LIKE, [feature]],
    ),
    [{ name: 'calendar', part: 'seasonal' }, calendarFeatures(rows, panel, setting, easter)],
    ...(holidays
      ? [[{ name: 'holidays', part: 'regressors' }, holidayFeatures(rows, panel, setting, holidays)] as const]
      : []),
    ...columnFeatures(rows, panel, setting).map(
      ({ name, isStatic, features }): [Driver, readonly Feature[]] => [
        { name, part: isStatic ? 'level' : 'regressors' },
        features,
      ],
    ),
    // With its columns as usual, what was sold in alike periods is the level.
    [RECENT, likenessFeatures(rows, history, level, setting.window)],
  ];
  return {
    rows,
    features: families.flatMap(([, features]) => features),
    drivers: families.flatMap(([driver, features]) => features.map(() => driver)),
    y,
    level,
  };
}
