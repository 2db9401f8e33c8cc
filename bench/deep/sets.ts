// The panels that networks are measured on: what they learn from, and what came after.
import { cutPanel } from '../../src/core/moved-end.ts';
import { lengthOf, type Panel } from '../../src/core/panel.ts';
import { onlineRetail } from '../intermittent/series.ts';
import { readM3 } from '../m-competitions.ts';
import { LEVELS_DAYS, levelsTask } from '../m5/levels.ts';
import { walmartPanel } from '../retail/panels.ts';
import { walmart } from '../shop-data.ts';
import { panelFrom } from '../whole-panel.ts';

export interface Task {
  /** The training part; known-future columns reach over the horizon. */
  readonly panel: Panel;
  readonly h: number;
  readonly season_length: number;
  /** What came after, h values a series; NaN where nothing was observed. */
  readonly actual: Float64Array;
  /** The scale of an error is the mean change over so many periods in training. */
  readonly lag: number;
}

/** A data set: one panel, or one for each frequency. */
export interface DataSet {
  readonly tasks: readonly Task[];
  /** The best classical model that is known on it. */
  readonly classical: string;
}

/** A panel without its last h cells, and those. */
function heldOut(whole: Panel, h: number): Pick<Task, 'panel' | 'h' | 'actual'> {
  const actual = new Float64Array(whole.ids.length * h).fill(Number.NaN);
  for (let i = 0; i < whole.ids.length; i++) {
    const [n, end] = [lengthOf(whole, i), whole.offsets[i + 1]!];
    const cells = Math.min(n, h);
    actual.set(whole.y.subarray(end - cells, end), i * h);
  }
  return { panel: cutPanel(whole, h), h, actual };
}

const joined = (a: Float64Array, b: Float64Array): Float64Array => Float64Array.from([...a, ...b]);

const WALMART_H = 39;
const WALMART_LEAST = 79;
/** Of 104 weeks before the reported window, weeks that were held out to choose settings. */
const WALMART_EARLIER = 13;
const M3_FREQUENCIES: Readonly<Record<string, string>> = {
  MONTHLY: 'MS',
  QUARTERLY: 'QS',
  YEARLY: 'YS',
  OTHER: '1',
};

/** The score that the protocol of each set decides by: absolute errors, or losses of quantiles where most demand is zero. */
export const JUDGED: Readonly<Record<string, 'mase' | 'sql'>> = {
  walmart: 'mase',
  m3: 'mase',
  m5: 'mase',
  'online-retail': 'sql',
};

/** By name. `earlier`: the windows before the reported ones, on which settings were chosen; `every`: of so many series, one. */
export const SETS: Readonly<Record<string, (earlier: boolean, every: number) => DataSet>> = {
  walmart(earlier, every) {
    const shop = walmart({ columns: ['holiday'] });
    const some = { ...shop, series: shop.series.filter((_, k) => k % every === 0) };
    const whole = walmartPanel(some, WALMART_LEAST);
    const known = earlier ? cutPanel(whole, WALMART_H) : whole;
    const held = heldOut(known, earlier ? WALMART_EARLIER : WALMART_H);
    return { tasks: [{ ...held, season_length: 52, lag: 1 }], classical: 'shape-level' };
  },
  m3(earlier, every) {
    const all = readM3().filter((_, k) => k % every === 0);
    const tasks = Object.entries(M3_FREQUENCIES).map(([period, freq]): Task => {
      const own = all.filter((series) => series.period === period);
      const { h, m } = own[0]!;
      const whole = own.map(({ id, train, test }) => ({ id, y: earlier ? train : joined(train, test) }));
      return { ...heldOut(panelFrom(freq, whole), h), season_length: m, lag: m };
    });
    return { tasks, classical: 'auto-theta' };
  },
  m5(earlier, every) {
    const { panel, h, season_length, actual } = levelsTask(earlier ? LEVELS_DAYS - 28 : LEVELS_DAYS);
    if (every > 1) return SETS.m5!(earlier, 1);
    return { tasks: [{ panel, h, season_length, actual, lag: 1 }], classical: 'mstl' };
  },
  'online-retail'(earlier, every) {
    const { series, freq, h, season_length } = onlineRetail(earlier ? 1 : 0);
    const whole = series
      .filter((_, k) => k % every === 0)
      .map(({ id, train, test }) => ({ id, y: joined(train, test) }));
    return {
      tasks: [{ ...heldOut(panelFrom(freq, whole), h), season_length, lag: 1 }],
      classical: 'count-demand',
    };
  },
};
