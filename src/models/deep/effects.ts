// What a network's forecast is made of. What columns add is told by undoing them. Of the rest the plain forecast is
// known; what the network says beyond it is shared among what it is told of, against windows of the past of any series.
import { lengthOf, type Panel, selectSeries } from '../../core/panel.ts';
import { random } from '../../core/random.ts';
import { type Driver, RECENT } from '../../features/feature-table.ts';
import type { Examples } from '../../learn/network/examples.ts';
import type { Network } from '../../learn/network/predict.ts';
import { type Runtime, usualRuntime } from '../../learn/network/runtime.ts';
import { fairSharesAtOnce } from '../../math/fair-shares.ts';
import { plannedColumns, undoneEvents } from '../events/undone.ts';
import type { Effect } from '../global-model.ts';
import { kindsOf, type Plan, pastOf, planOf } from '../usual-plan.ts';
import { type DirectTraits, distributions } from './distributions.ts';
import { type Base, baseOf, footingOf } from './footing.ts';
import { examplesOn, groundLike } from './ground.ts';
import { CARRIED, inputGroups } from './input-groups.ts';
import { mixture, type Stretch, type Table, tableOf } from './mixture.ts';
import { type Body, networkOf, saidByAll } from './network.ts';
import type { Fit } from './scheme.ts';
import { type Cutoffs, endsOf, type Sizes } from './windows.ts';

/** Windows of the past that stand for what is not told: of the panel, and those that each series meets at least. */
const OTHERS = 32;
const LEAST_OTHERS = 4;
/** Windows that are forecast for the rest at most, where each series can do with fewer others: seconds. */
const WINDOWS = 8_000;

/** Networks that are asked of h periods. */
interface Asked {
  readonly state: Fit<DirectTraits>;
  readonly network: Network;
  readonly runtime: Runtime;
  readonly h: number;
}

const tableFor = ({ state }: Asked, panel: Panel, cutoffs: Cutoffs): Table =>
  tableOf(examplesOn(groundLike(panel, state), state.sizes, cutoffs));

/** Numbers that networks say of an example. */
const widthOf = ({ state: { sizes, settings } }: Asked): number => sizes.h * settings.quantiles.length;

/** What the networks say beyond the plain forecast. */
const said = ({ state, network, runtime }: Asked, examples: Examples): Promise<(k: number) => number> =>
  saidByAll(network, state.networks, examples, runtime);

/** The mean that is shown of each series and step, where the networks say so. */
function shown(
  { state: { settings, sizes, traits }, h }: Asked,
  panel: Panel,
  deviationAt: (k: number) => number,
): Float64Array {
  const { quantiles } = settings;
  const found = distributions({ quantiles, sizes, sparse: traits.sparse }, panel, h, deviationAt);
  return Float64Array.from({ length: found.length * h }, (_, k) => found[Math.floor(k / h)]!.mean[k % h]!);
}

/** What each column adds, and the forecast with all of them as usual. `panelOf` is the panel where some are not. */
async function planShares(
  asked: Asked,
  { names }: Plan,
  panelOf: (acting: readonly boolean[]) => Panel,
): Promise<{ readonly shares: Float64Array[]; readonly asUsual: Float64Array }> {
  let asUsual: Float64Array = new Float64Array(0);
  const shares = await fairSharesAtOnce(names.length, async (sets) => {
    const panels = sets.map(panelOf);
    const tables = panels.map((panel) => tableFor(asked, panel, endsOf(panel)));
    const { fields, count } = tables[0]!;
    const rows = mixture(fields, tables.length * count, (k) => ({
      table: tables[Math.floor(k / count)]!,
      row: k % count,
    }));
    const deviationAt = await said(asked, rows);
    const outcomes = panels.map((panel, p) =>
      shown(asked, panel, (k) => deviationAt(p * count * widthOf(asked) + k)),
    );
    asUsual = outcomes[sets.findIndex((acting) => !acting.includes(true))]!;
    return outcomes;
  });
  return { shares, asUsual };
}

/** The columns of a part of a panel: the plan, and what those of the past alone were. */
function columnsOf(part: Panel, h: number, { knownFuture, pastOnly }: Panel): Plan {
  const plan = planOf(part, h, [...part.ids.keys()], kindsOf(knownFuture));
  const past = pastOf(part, h, kindsOf(pastOnly));
  const planned = plan.names.length;
  return {
    names: [...plan.names, ...past.names],
    withUsual: (acting) => ({
      ...plan.withUsual(acting.slice(0, planned)),
      pastOnly: past.withUsual(acting.slice(planned)).pastOnly,
    }),
  };
}

/** Windows of the past: series by chance, cutoffs spread evenly over the longest season, so that none of its dates is favoured. */
function pastWindows(asked: Asked, panel: Panel): Table {
  const { season, further, window } = asked.state.sizes;
  const longest = panel.ids.reduce((most, _, i) => Math.max(most, lengthOf(panel, i)), 0);
  const long = [...panel.ids.keys()].filter((i) => 2 * lengthOf(panel, i) >= longest);
  const span = Math.max(season, ...further) || window;
  const { uniform } = random(1, 'what else might have been told');
  const series = Int32Array.from({ length: OTHERS }, () => long[Math.floor(uniform() * long.length)]!);
  const known = series.map((i, k) => {
    const n = lengthOf(panel, i);
    return Math.max(Math.ceil(n / 2), n - Math.floor(((k + 0.5) / OTHERS) * span));
  });
  const drawn = Int32Array.from(new Set(series)).sort();
  return tableFor(asked, selectSeries(panel, drawn), { series: series.map((i) => drawn.indexOf(i)), known });
}

/**
 * What each group of inputs adds to the forecast of a panel, which is `whole`, and the forecast where the networks are told none of
 * them. `places` tell the series apart.
 */
async function inputShares(
  asked: Asked,
  panel: Panel,
  {
    stretches,
    others,
    places,
    whole,
  }: {
    readonly stretches: readonly (readonly Stretch[])[];
    readonly others: Table;
    readonly places: Int32Array;
    readonly whole: Float64Array;
  },
): Promise<{ readonly shares: Float64Array[]; readonly untold: Float64Array }> {
  const table = tableFor(asked, panel, endsOf(panel));
  const width = widthOf(asked);
  let untold = whole;
  const shares = await fairSharesAtOnce(stretches.length, async (sets) => {
    const partly = sets.filter((acting) => acting.includes(false));
    const hidden = partly.map((acting) => stretches.filter((_, g) => !acting[g]).flat());
    const each = Math.floor(WINDOWS / (table.count * partly.length));
    const several = Math.max(LEAST_OTHERS, Math.min(OTHERS, each));
    const rows = mixture(table.fields, partly.length * table.count * several, (k) => {
      const [n, other] = [Math.floor(k / several), k % several];
      const row = n % table.count;
      // Each series meets others of them, so that what chance has drawn evens out over the series.
      const otherRow = (Math.floor((other * OTHERS) / several) + places[row]!) % OTHERS;
      const own = hidden[Math.floor(n / table.count)]!;
      return { table, row, stretches: own, otherTable: others, otherRow };
    });
    const deviationAt = await said(asked, rows);
    const outcomes = partly.map((_, p) =>
      shown(asked, panel, (k) => {
        const first = (p * table.count + Math.floor(k / width)) * several;
        let sum = 0;
        for (let b = 0; b < several; b++) sum += deviationAt((first + b) * width + (k % width));
        return sum / several;
      }),
    );
    const outcomeOf = new Map(partly.map((acting, p) => [acting, outcomes[p]!]));
    untold = outcomes[partly.findIndex((acting) => !acting.includes(true))]!;
    return sets.map((acting) => outcomeOf.get(acting) ?? whole);
  });
  return { shares, untold };
}

/** The mean over the season that each step is in, the last one reaching back where the horizon ends before it. */
function overSeasons(values: Float64Array, season: number): Float64Array {
  const block = Math.max(1, season);
  return values.map((_, s) => {
    const first = Math.max(0, Math.min(s - (s % block), values.length - block));
    const own = values.subarray(first, first + block);
    return own.reduce((sum, value) => sum + value, 0) / own.length;
  });
}

/** The plain forecast of h periods of a series, and the level that its season moves about. */
function plainForecast(
  panel: Panel,
  i: number,
  h: number,
  { season, usual }: Sizes,
): { readonly values: Float64Array; readonly level: Float64Array } {
  const block = Math.max(1, season);
  const steps = Math.ceil(h / block) * block;
  const base: Base = { values: new Float64Array(steps), told: new Float64Array(steps) };
  const past = { y: panel.y, from: panel.offsets[i]!, to: panel.offsets[i + 1]! };
  baseOf(past, season, footingOf(past, season, usual), base);
  return { values: base.values.subarray(0, h), level: overSeasons(base.values, season).subarray(0, h) };
}

/**
 * Takes the forecasts of the given series apart. The effects add up to the mean of each step: an effect is what it changes in the mean
 * as it is shown, over all networks and with what cannot be below zero held there.
 */
export async function networkEffects(
  body: Body,
  state: Fit<DirectTraits>,
  panel: Panel,
  h: number,
  series: ArrayLike<number>,
): Promise<Effect[][]> {
  const { sizes, settings, readings } = state;
  const places = Int32Array.from(series).sort();
  const own = selectSeries(panel, places);
  const { inputs } = groundLike(own, state);
  const { runtime } = await usualRuntime();
  const asked: Asked = { state, network: networkOf(body, { inputs }, sizes, settings), runtime, h };

  const plan = columnsOf(own, h, panel);
  const undone = undoneEvents(
    panel,
    [sizes.season, ...sizes.further].filter((m) => m > 0),
  );
  const panelOf = (acting: readonly boolean[]): Panel => {
    const planned = plan.withUsual(acting);
    const without = undone(plan.names.filter((_, k) => !acting[k]));
    if (!without) return planned;
    const plain = selectSeries(without.panel, places);
    const knownFuture = plannedColumns(planned.knownFuture, without.gone, plain);
    return { ...plain, knownFuture, pastOnly: planned.pastOnly };
  };
  const planned = await planShares(asked, plan, panelOf);

  const usual = panelOf(plan.names.map(() => false));
  const groups = inputGroups(readings, inputs, sizes);
  const { shares, untold } = await inputShares(asked, usual, {
    stretches: groups.map(({ stretches }) => stretches),
    others: pastWindows(asked, undone(plan.names)?.panel ?? panel),
    places,
    whole: planned.asUsual,
  });

  return Array.from(series, (place) => {
    const i = places.indexOf(place);
    const cut = (values: Float64Array): Float64Array => values.slice(i * h, (i + 1) * h);
    const found = new Map<string, Effect>();
    const add = ({ name, part }: Driver, values: Float64Array, sign = 1): void => {
      const key = `${part} ${name}`;
      const effect = found.get(key) ?? { name, part, values: new Float64Array(h) };
      found.set(key, effect);
      for (let s = 0; s < h; s++) effect.values[s]! += sign * values[s]!;
    };
    const plain = plainForecast(usual, i, h, sizes);
    add(RECENT, cut(untold));
    add(RECENT, plain.values, -1);
    add(RECENT, plain.level);
    add(CARRIED, plain.values);
    add(CARRIED, plain.level, -1);
    for (const [g, { driver }] of groups.entries()) {
      const share = cut(shares[g]!);
      add(driver, share);
      if (driver !== CARRIED || sizes.season === 0 || h < sizes.season) continue;
      // What a season adds over the whole of it is no season.
      const level = overSeasons(share, sizes.season);
      add(CARRIED, level, -1);
      add(RECENT, level);
    }
    for (const [k, name] of plan.names.entries()) add({ name, part: 'regressors' }, cut(planned.shares[k]!));
    return [...found.values()];
  });
}
