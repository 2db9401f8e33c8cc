// How a network is trained: gone on with, anew, stopped early, with settings that were searched for.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cutPanel } from '../../src/core/moved-end.ts';
import type { DeepState } from '../../src/models/deep/forecaster.ts';
import type { DeepOptions } from '../../src/models/deep/options.ts';
import type { GlobalModel } from '../../src/models/global-model.ts';
import { createGlobal } from '../../src/models/registry.ts';
import { addTask, noSums, scoresOf } from '../deep/score.ts';
import { JUDGED, SETS } from '../deep/sets.ts';
import { cpuSeconds, type Result, type Row, type Run } from '../harness.ts';

const NAMES = ['walmart', 'm5', 'online-retail'];

/** The rows of the last result, of sets that are not measured now. */
function keptRows(measured: readonly string[]): readonly Row[] {
  const file = join(dirname(fileURLToPath(import.meta.url)), 'result.json');
  if (!existsSync(file)) return [];
  const { rows } = JSON.parse(readFileSync(file, 'utf8')) as Pick<Result, 'rows'>;
  return rows.filter(({ set }) => !measured.includes(String(set)));
}

/** `npm run bench -- training [walmart m5 online-retail]`: on windows before those that are reported, of every third series. Rows of sets that are not named stay. */
export const run: Run = async ({ seed, quick, rest }): Promise<Result> => {
  const asked = NAMES.filter((name) => rest.includes(name));
  const named = asked.length > 0 ? asked : NAMES;
  const rows: Row[] = [];
  const problems: string[] = [];
  for (const set of named) {
    const { tasks } = SETS[set]!(true, quick ? 30 : 3);
    const task = tasks[0]!;
    const { panel, h, season_length } = task;
    const context = { h, season_length, seed };
    const modelOf = (options: DeepOptions): GlobalModel<DeepState> =>
      createGlobal({
        model: 'lstm',
        options: { networks: 1, ...(quick ? { steps: 20 } : {}), ...options },
      }) as GlobalModel<DeepState>;
    const model = modelOf({});
    const saved = await model.fitAll(cutPanel(panel, h), context);
    const ways: Readonly<Record<string, () => DeepState | Promise<DeepState>>> = {
      'as saved a horizon ago': () => saved,
      'gone on from there': () => model.fineTune!(saved, panel, context),
      anew: () => model.fitAll(panel, context),
      'anew, patience=3': () => modelOf({ patience: 3 }).fitAll(panel, context),
      'anew, trials=8': () => modelOf({ trials: 8 }).fitAll(panel, context),
    };
    const score = new Map<string, number>();
    for (const [way, stateOf] of Object.entries(ways)) {
      const since = process.cpuUsage();
      const state = await stateOf();
      const found = await model.forecastAll(state, panel, h, { gaps: true });
      const sums = noSums();
      addTask(sums, task, found);
      const scores = scoresOf(sums);
      score.set(way, scores[JUDGED[set]!]!);
      rows.push({
        set,
        way,
        ...scores,
        steps: state.histories[0]!.at(-1)!.step,
        cpu_s: cpuSeconds(since),
      });
      process.stderr.write(`${JSON.stringify(rows.at(-1))} ${state.notes.join('; ')}\n`);
    }
    if (score.get('gone on from there')! > score.get('as saved a horizon ago')!)
      problems.push(`${set}: going on is worse than what was saved`);
    if (score.get('anew, trials=8')! > score.get('anew')!)
      problems.push(`${set}: settings that were searched for are worse than the usual ones`);
  }
  return {
    claim:
      'A network that goes on with newer data forecasts better than as it was saved, and searched settings better than the usual.',
    rows: quick ? rows : [...rows, ...keptRows(named)],
    failed: !quick && problems.length > 0,
    notes: [
      ...problems,
      'One lstm with its defaults. Saved: it learned from all but the last h periods of what the others know.',
      'cpu_s: training, where there is any, and forecasting; that of what was saved is forecasting alone.',
    ],
  };
};
