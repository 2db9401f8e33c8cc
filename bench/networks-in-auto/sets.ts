// Panels on which `auto` is tried with and without networks. All end before the windows that are reported elsewhere.
import { cutPanel } from '../../src/core/moved-end.ts';
import { allocatePanel, type Panel, selectSeries } from '../../src/core/panel.ts';
import { onlineRetail } from '../intermittent/series.ts';
import { readM1, readM3 } from '../m-competitions.ts';
import { LEVELS_DAYS, levelsTask } from '../m5/levels.ts';
import { monthlyTask } from '../m5/monthly.ts';
import { juicePanel, walmartPanel } from '../retail/panels.ts';
import { australianRetail, m4Weekly, walmart } from '../shop-data.ts';
import { panelFrom } from '../whole-panel.ts';

export interface Known {
  readonly panel: Panel;
  readonly h: number;
  readonly season_length: number;
}

/** The period that series without dates are taken to begin at. */
const START = 300;

const every = (panel: Panel, k: number): Panel =>
  selectSeries(
    panel,
    Int32Array.from({ length: Math.floor(panel.ids.length / k) }, (_, i) => i * k),
  );

const WALMART_H = 39;
const WALMART_LEAST = 79;

function walmartKnown(k: number, cut: number): Panel {
  const whole = walmartPanel(walmart({ columns: ['holiday'] }), WALMART_LEAST);
  return every(cutPanel(whole, cut), k);
}

const competition = (read: typeof readM3, period: string, freq: string, k: number): Known => {
  const own = read().filter((series) => series.period === period);
  const { h, m } = own[0]!;
  const panel = panelFrom(
    freq,
    own.filter((_, i) => i % k === 0).map(({ id, train }) => ({ id, y: train })),
    START,
  );
  return { panel, h, season_length: m };
};

/** The last so many of the days to learn from; the whole of them costs ARIMA an hour. */
function levels(days: number, k: number, told = true): Known {
  const { panel, h, season_length } = levelsTask(LEVELS_DAYS);
  const skipped = LEVELS_DAYS - days;
  const some = every(panel, k);
  const { freq, ids, target, statics, reach } = some;
  const knownFuture = told ? some.knownFuture : [];
  const short = allocatePanel(
    { freq, ids, target, statics, reach },
    ids.map(() => days),
    { knownFuture: knownFuture.map(({ name, levels }) => (levels ? { name, levels } : { name })) },
  );
  for (const [i] of ids.entries()) {
    const [from, to] = [some.offsets[i]! + skipped, some.offsets[i + 1]!];
    short.start[i] = some.start[i]! + skipped;
    short.y.set(some.y.subarray(from, to), short.offsets[i]!);
    short.state.set(some.state.subarray(from, to), short.offsets[i]!);
    for (const [c, { values }] of knownFuture.entries())
      short.knownFuture[c]!.values.set(
        values.subarray(from + i * reach, to + (i + 1) * reach),
        short.offsets[i]! + i * reach,
      );
  }
  return { panel: short, h, season_length };
}

/** The months before the last nine. */
const retailByMonth = (): Panel =>
  panelFrom(
    'MS',
    australianRetail().map(({ id, y }) => ({ id, y: y.slice(-129, -9) })),
    START,
  );

function retail(k: number): Known {
  const { series, freq, h, season_length } = onlineRetail(1);
  const whole = series
    .filter((_, i) => i % k === 0)
    .map(({ id, train, test }) => ({ id, y: Float64Array.from([...train, ...test]) }));
  return { panel: panelFrom(freq, whole, START), h, season_length };
}

/** By name. */
export const SETS: Readonly<Record<string, () => Known>> = {
  'walmart, 13 weeks': () => ({ panel: walmartKnown(3, WALMART_H), h: 13, season_length: 52 }),
  'walmart, 39 weeks': () => ({ panel: walmartKnown(3, WALMART_H), h: 39, season_length: 52 }),
  'walmart, 100 series': () => ({ panel: walmartKnown(29, WALMART_H), h: 13, season_length: 52 }),
  'm3 monthly': () => competition(readM3, 'MONTHLY', 'MS', 5),
  'm3 quarterly': () => competition(readM3, 'QUARTERLY', 'QS', 3),
  'm3 yearly': () => competition(readM3, 'YEARLY', 'YS', 3),
  'm1 monthly': () => competition(readM1, 'MONTHLY', 'MS', 2),
  'm1 quarterly': () => competition(readM1, 'QUARTERLY', 'QS', 1),
  'm1 yearly': () => competition(readM1, 'YEARLY', 'YS', 1),
  'm4 weekly': () => ({
    panel: panelFrom(
      'W-SUN',
      m4Weekly()
        .filter((_, i) => i % 3 === 0)
        .map(({ id, train }) => ({ id, y: train.slice(-160) })),
      START,
    ),
    h: 13,
    season_length: 52,
  }),
  'm5 levels, two years': () => levels(730, 2),
  'm5 levels, 200 days, nothing known': () => levels(200, 1, false),
  'm5 item-stores by month': () => ({ panel: monthlyTask(3, 90).panel, h: 6, season_length: 12 }),
  'online retail': () => retail(2),
  'orange juice': () => ({ panel: every(cutPanel(juicePanel().panel, 13), 5), h: 8, season_length: 52 }),
  'australian retail': () => ({ panel: retailByMonth(), h: 12, season_length: 12 }),
};
