// Whether the blend of `auto` gains by networks: weights learned on earlier windows, with and without each of them, scored
// on a window after those.
import { lengthOf } from '../../src/core/panel.ts';
import { backtest } from '../../src/evaluate/backtest.ts';
import { type Track, track } from '../../src/evaluate/global-backtest.ts';
import { historyBeforeReported } from '../../src/evaluate/windows.ts';

import type { ModelSpec } from '../../src/models/model.ts';
import { segments as segmentsOf } from '../../src/prepare/segments.ts';
import { inline } from '../../src/run/inline.ts';
import { defaultCandidates, eligibility } from '../../src/select/candidates.ts';
import { planGlobals } from '../../src/select/global-candidates.ts';
import { learnBlends, rehearse } from '../../src/select/rehearsal.ts';
import { cpuSeconds, type Result, type Row, type Run } from '../harness.ts';
import { SETS } from './sets.ts';

/** What `auto` may spend by default, in nominal milliseconds. */
const BUDGET = 150_000;

const NETWORKS: Readonly<Record<string, ModelSpec>> = {
  'lstm, 200 steps': { model: 'lstm', options: { networks: 1, steps: 200 } },
  'lstm, 500 steps': { model: 'lstm', options: { networks: 1, steps: 500 } },
  'lstm, usual steps': { model: 'lstm', options: { networks: 1 } },
  'mlp, 200 steps': { model: 'mlp', options: { networks: 1, steps: 200 } },
};

/** `npm run bench -- networks-in-auto [sets] [networks]`: all where none is named. */
export const run: Run = async ({ seed, quick, rest }): Promise<Result> => {
  const wanted = (all: readonly string[]): readonly string[] => {
    const named = all.filter((name) => rest.includes(name));
    return named.length > 0 ? named : all;
  };
  const rows: Row[] = [];
  for (const set of wanted(Object.keys(SETS))) {
    const { panel, h, season_length } = SETS[set]!();
    const plan = { h, windows: 4, step: Math.max(1, Math.floor(h / 2)), season_length };
    const names = wanted(Object.keys(NETWORKS));
    const pool = defaultCandidates(season_length, panel);
    const models = [...pool, ...names.map((name) => NETWORKS[name]!)];
    const globals = planGlobals(panel, pool, plan, BUDGET).specs;
    const input = { plan, seed, support: {} };
    const tracks: (Promise<Track> | undefined)[] = [];
    const spent: number[] = [];
    for (const [j, spec] of models.entries()) {
      const own = j < pool.length ? globals[j] : spec;
      const options = quick && j >= pool.length ? { ...own?.options, steps: 20 } : own?.options;
      const since = process.cpuUsage();
      const made = own && (await track(panel, { ...own, ...(options ? { options } : {}) }, input, inline()));
      spent.push(cpuSeconds(since));
      tracks.push(made && Promise.resolve(made));
    }
    const segments = segmentsOf(panel, { hidden: h });
    const histories = panel.ids.map((_, i) => historyBeforeReported(lengthOf(panel, i), plan));
    const eligible = eligibility(models, { segments, histories, season_length }, false);
    const [n, M] = [panel.ids.length, models.length];
    for (const [j, spec] of models.entries()) {
      // Trees that the default budget cannot pay for.
      if (spec.model === 'boosted' && !globals[j]) for (let i = 0; i < n; i++) eligible[i * M + j] = 0;
    }
    const since = process.cpuUsage();
    const places = Int32Array.from(panel.ids, (_, i) => i);
    const tested = await backtest(panel, { models, eligible, ...input }, inline(), {}, { tracks, places });
    const classical = cpuSeconds(since);

    /** The error of each series on the reported window, in its scale: the mean absolute one, or the root of the mean squared one. */
    const errorsOf = (mean: (i: number, s: number) => number, power: 1 | 2 = 1): number[] =>
      panel.ids.map((_, i) => {
        let [sum, cells] = [0, 0];
        for (let s = 0; s < h; s++) {
          const miss = Math.abs(tested.actual[i * 4 * h + s]! - mean(i, s));
          if (Number.isNaN(miss)) continue;
          sum += miss ** power;
          cells++;
        }
        return power === 1 ? sum / cells / tested.scale[i]! : Math.sqrt(sum / cells) / tested.rootScale[i]!;
      });
    const meanOf = (values: readonly number[]): number => {
      const known = values.filter(Number.isFinite);
      return known.reduce((a, b) => a + b, 0) / known.length;
    };
    const about = { set, series: n, h };
    const say = (row: Row): void => {
      rows.push({ ...about, ...row });
      process.stderr.write(`${JSON.stringify(rows.at(-1))}\n`);
    };
    for (const name of ['ets', 'shape-level', 'boosted', 'count-demand', ...names]) {
      const j = names.includes(name)
        ? pool.length + names.indexOf(name)
        : pool.findIndex(({ model }) => model === name);
      if (j < 0) continue;
      const mean = (i: number, s: number): number => tested.mean[(i * 4 * M + j) * h + s]!;
      say({
        model: name,
        mase: meanOf(errorsOf(mean)),
        rmsse: meanOf(errorsOf(mean, 2)),
        cpu_s: tracks[j] ? spent[j]! : '',
      });
    }
    let plain: number[] = [];
    for (const name of ['none', ...names]) {
      const own = pool.length + names.indexOf(name);
      const choosable = eligible.map((yes, at) => (at % M < pool.length || at % M === own ? yes : 0));
      const blends = learnBlends(tested, segments, choosable);
      const told = { backtest: tested, segments, choosable, blends };
      const { mean, tried } = await rehearse(panel, told, inline());
      const errors = errorsOf((i, s) => mean[i * 4 * h + s]!);
      if (name === 'none') plain = errors;
      const gains = errors.map((error, i) => plain[i]! - error).filter(Number.isFinite);
      const gain = meanOf(gains);
      const sd = Math.sqrt(meanOf(gains.map((own) => (own - gain) ** 2)) / gains.length);
      let weight = 0;
      for (let i = 0; i < n && own >= pool.length; i++) weight += tried[i * M + own]! / n;
      say({
        model: name === 'none' ? 'auto' : `auto with ${name}`,
        mase: meanOf(errors),
        rmsse: meanOf(errorsOf((i, s) => mean[i * 4 * h + s]!, 2)),
        gain: (100 * gain) / meanOf(plain),
        gain_se: (100 * sd) / meanOf(plain),
        weight,
        cpu_s: name === 'none' ? classical : '',
      });
    }
  }
  return {
    claim: 'On earlier windows, what a network adds to the blend of auto.',
    rows,
    notes: [
      'gain: percent of the MASE of auto without networks; gain_se: its standard error over series, as if they were independent.',
      'cpu_s: of models of the whole panel, fits and forecasts of four windows; of auto, the backtest of all models of single series.',
    ],
  };
};
