// What a forecast is made of: level, trend, season, known columns, and what limits took or gave; they add up to it.
import { futureAt, type Panel, selectSeries, seriesAt } from '../core/panel.ts';
import type { ForecastTable } from '../forecast/forecast-table.ts';
import type { GlobalFit } from '../forecast/global-forecast.ts';
import { median } from '../math/statistics.ts';
import type { FittedBlend } from '../models/fitted-blend.ts';
import type { Effect } from '../models/global-model.ts';
import type { Components } from '../models/model.ts';
import { createModel } from '../models/registry.ts';
import { type Kinds, kindsOf, planEffects, planOf } from '../models/usual-plan.ts';
import { coinciding, toldTogether } from './coinciding.ts';
import { effectsOf, keyOf } from './effects.ts';

/** The parts of a forecast, in the order in which they are told. */
export const PARTS = ['level', 'trend', 'seasonal', 'regressors', 'limits'] as const;
export type PartName = (typeof PARTS)[number];

/** A forecast that can be taken apart: what it was made from, and by which fitted models. */
export interface Explainable {
  readonly panel: Panel;
  readonly forecast: ForecastTable;
  /** One blend a series, in the panel's order. */
  readonly fitted: readonly FittedBlend[];
  /** The models of the whole panel that have a part in it. */
  readonly global: readonly GlobalFit[];
}

/** One value a period from `start` on, in units of the target. */
export interface Contributions {
  /** Ordinal of the first period. */
  readonly start: number;
  /** The forecast as it was shown. */
  readonly mean: Float64Array;
  /**
   * Adds up to `mean` in every period. `limits` is what was changed after the models had spoken: nothing below zero,
   * closed days, whole numbers.
   */
  readonly parts: Readonly<Record<PartName, Float64Array>>;
  /**
   * What single columns add to a forecast that has them as usual, and what else models of the whole panel tell of, by name,
   * weighted as in the blend. It is counted in `parts` already. Columns that always moved together in a series are one.
   */
  readonly drivers: readonly Effect[];
}

function empty(start: number, periods: number): Contributions {
  const parts = Object.fromEntries(PARTS.map((name) => [name, new Float64Array(periods)]));
  return { start, mean: new Float64Array(periods), parts: parts as Contributions['parts'], drivers: [] };
}

/** Adds effects to those of the same name, from period `at` on. */
function addEffects(
  drivers: Map<string, Effect>,
  effects: readonly Effect[],
  periods: number,
  at = 0,
  weight = 1,
): void {
  for (const { name, part, values } of effects) {
    const key = `${part} ${name}`;
    const own = drivers.get(key) ?? { name, part, values: new Float64Array(periods) };
    drivers.set(key, own);
    for (const [s, value] of values.entries()) own.values[at + s]! += weight * value;
  }
}

/** The h steps ahead of parts that begin with the past. */
function ahead({ level, trend, seasonal, regressors }: Components, h: number): Components {
  const cut = (values: Float64Array): Float64Array => values.subarray(values.length - h);
  return { level: cut(level), trend: cut(trend), seasonal: cut(seasonal), regressors: cut(regressors) };
}

/** The forecast that parts add up to. */
const forecastOf = ({ level, trend, seasonal, regressors }: Components): Float64Array =>
  level.map((value, s) => value + trend[s]! + seasonal[s]! + regressors[s]!);

/** Takes the forecast of one series apart; `effects` are those of each model of the whole panel. */
function apart(
  { panel, forecast, fitted }: Explainable,
  i: number,
  effects: ReadonlyMap<string, readonly Effect[]>,
  kinds: Kinds,
): Contributions {
  const { h } = forecast;
  const series = seriesAt(panel, i);
  // Cut to the series, so that a plan does not cost by the size of the panel.
  const own = selectSeries(panel, Int32Array.of(i));
  const plan = planOf(own, h, [0], kinds);
  const out = empty(forecast.start[i]!, h);
  const drivers = new Map<string, Effect>();
  out.mean.set(forecast.mean.subarray(i * h, (i + 1) * h));
  for (const { spec, weight, state } of fitted[i]!) {
    const told = effects.get(keyOf(spec));
    if (told) {
      addEffects(drivers, told, h, 0, weight);
      for (const { part, values } of told) {
        for (let s = 0; s < h; s++) out.parts[part][s]! += weight * values[s]!;
      }
      continue;
    }
    const model = createModel(spec);
    const partsOf = (as: Panel): Components => model.components(state, series, h, futureAt(as, 0, h));
    const planned = partsOf(own);
    // A model that never has anything of the kind knows of no columns; its parts are the same whatever the plan.
    const isMoved = plan.names.length > 0 && planned.regressors.some((value) => Math.abs(value) > 0);
    const usual = ahead(isMoved ? partsOf(plan.withUsual(plan.names.map(() => false))) : planned, h);
    // What columns add when they are as usual is a part of the level.
    const shift = median(usual.regressors);
    for (const name of ['level', 'trend', 'seasonal', 'regressors'] as const) {
      const move = name === 'level' ? shift : name === 'regressors' ? -shift : 0;
      for (let s = 0; s < h; s++) out.parts[name][s]! += weight * (usual[name][s]! + move);
    }
    if (!isMoved) continue;
    const moved = planEffects(plan, (as) => forecastOf(ahead(partsOf(as), h)));
    for (const [k, values] of moved.entries()) {
      addEffects(drivers, [{ name: plan.names[k]!, part: 'regressors', values }], h, 0, weight);
      for (let s = 0; s < h; s++) out.parts.regressors[s]! += weight * values[s]!;
    }
  }
  const { level, trend, seasonal, regressors, limits } = out.parts;
  for (let s = 0; s < h; s++) {
    limits[s] = out.mean[s]! - (level[s]! + trend[s]! + seasonal[s]! + regressors[s]!);
  }
  const groups = coinciding(series.known).map((group) => group.map((c) => panel.knownFuture[c]!.name));
  return { ...out, drivers: toldTogether([...drivers.values()], groups) };
}

/** Takes the forecasts of the given series apart: the parts of the blend's models, weighted as the blend weighs them. */
export async function contributionsOf(
  subject: Explainable,
  series: readonly number[],
): Promise<Contributions[]> {
  const effects = await effectsOf(subject, series);
  const kinds = kindsOf(subject.panel.knownFuture);
  return series.map((i, k) => apart(subject, i, effects[k]!, kinds));
}

/** The series whose forecasts begin where the panel ends; others ended earlier, and their days to come are long past. */
export function currentSeries({ start }: Pick<ForecastTable, 'start'>): number[] {
  const last = start.reduce((a, b) => Math.max(a, b), -Infinity);
  return [...start.keys()].filter((i) => start[i] === last);
}

/** Adds up what several series' forecasts are made of, over all periods that any of them covers. */
export function addedUp(each: readonly Contributions[]): Contributions {
  const start = Math.min(...each.map((one) => one.start));
  const end = Math.max(...each.map((one) => one.start + one.mean.length));
  const out = empty(start, end - start);
  const drivers = new Map<string, Effect>();
  for (const { start: own, mean, parts, drivers: told } of each) {
    addEffects(drivers, told, end - start, own - start);
    for (let s = 0; s < mean.length; s++) {
      out.mean[own - start + s]! += mean[s]!;
      for (const name of PARTS) out.parts[name][own - start + s]! += parts[name][s]!;
    }
  }
  return { ...out, drivers: [...drivers.values()] };
}

/** The periods from `from` up to `to` (ordinals) alone. */
export function between(
  { start, mean, parts, drivers }: Contributions,
  from: number,
  to: number,
): Contributions {
  const cut = (values: Float64Array): Float64Array => values.slice(from - start, to - start);
  const kept = Object.fromEntries(PARTS.map((name) => [name, cut(parts[name])]));
  return {
    start: from,
    mean: cut(mean),
    parts: kept as Contributions['parts'],
    drivers: drivers.map((own) => ({ ...own, values: cut(own.values) })),
  };
}
