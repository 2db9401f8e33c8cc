// The 154 daily series of levels 1 to 9 of the M5 as a panel, with events, SNAP days and what each series is the sum of.
import { frequency, ordinal } from '../../src/core/frequency.ts';
import { allocatePanel, CellState } from '../../src/core/panel.ts';
import { readGzip } from '../m-competitions.ts';
import { category } from '../whole-panel.ts';
import { calendar, STATES } from './calendar.ts';
import type { Task } from './task.ts';

export const LEVELS_H = 28;
/** Days of training in the protocol: d_1 … d_1885. */
export const LEVELS_DAYS = 1885;

/** What a series is the sum of; `all` where it is over everything of a kind. */
export interface Place {
  readonly level: string;
  readonly state: string;
  readonly store: string;
  readonly category: string;
  readonly department: string;
}

/** Reads `FOODS_1/CA_3` and its like: a state, a store, a category, a department, or two of them. */
export function placeOf(level: string, key: string): Place {
  let place: Place = { level, state: 'all', store: 'all', category: 'all', department: 'all' };
  for (const part of key.split('/')) {
    const [name, number] = part.split('_') as [string, string | undefined];
    if ((STATES as readonly string[]).includes(name))
      place = { ...place, state: name, store: number ? part : 'all' };
    else if (part !== 'Total') place = { ...place, category: name, department: number ? part : 'all' };
  }
  return place;
}

/**
 * The first `days` days to learn from and the 28 after them; one level a series beside it. Events are told by name. SNAP
 * is whether benefits are paid in the series' state; for series over all states, whether at least two of three pay.
 */
export function levelsTask(days: number): Task & { readonly levels: readonly string[] } {
  const h = LEVELS_H;
  const lines = readGzip('forecast/m5_levels1_9_daily_d1_d1913.csv.gz')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(','));
  const places = lines.map(([level, key]) => placeOf(level!, key!));
  const dates = calendar();
  const names = ['none', ...new Set(dates.map((day) => day.event).filter((name) => name !== ''))];
  const freq = frequency('D');
  const panel = allocatePanel(
    {
      freq,
      ids: lines.map(([level, key]) => `${level} ${key}`),
      target: 'units',
      reach: h,
      statics: (['level', 'state', 'store', 'category', 'department'] as const).map((name) =>
        category(
          name,
          places.map((place) => place[name]),
        ),
      ),
    },
    lines.map(() => days),
    { knownFuture: [{ name: 'event', levels: names }, { name: 'snap' }] },
  );
  const [event, snap] = panel.knownFuture;
  const actual = new Float64Array(lines.length * h);
  for (const [i, line] of lines.entries()) {
    panel.start[i] = ordinal(freq, dates[0]!.ms);
    for (let t = 0; t < days; t++) panel.y[panel.offsets[i]! + t] = Number(line[2 + t]);
    for (let s = 0; s < h; s++) actual[i * h + s] = Number(line[2 + days + s]);
    const own = (STATES as readonly string[]).indexOf(places[i]!.state);
    for (const [t, day] of dates.slice(0, days + h).entries()) {
      const at = panel.offsets[i]! + i * h + t;
      event!.values[at] = Math.max(0, names.indexOf(day.event));
      snap!.values[at] = Number(own < 0 ? day.snap.filter(Boolean).length >= 2 : day.snap[own]);
    }
  }
  panel.state.fill(CellState.observed);
  return { panel, h, season_length: 7, actual, levels: places.map(({ level }) => level) };
}
