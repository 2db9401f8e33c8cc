// Made-up reports of several shapes, for tests and for looking at.

import { weekday } from '../../src/core/calendar.ts';
import { bounds } from '../../src/core/distribution.ts';
import { frequency, ordinal, timestamp } from '../../src/core/frequency.ts';
import { allocatePanel, CellState, lengthOf } from '../../src/core/panel.ts';
import { random } from '../../src/core/random.ts';
import type { ScoreRow } from '../../src/evaluate/scores.ts';
import { normalQuantile } from '../../src/math/special.ts';
import { sum } from '../../src/math/statistics.ts';
import type { Report } from '../../src/report/report.ts';

export interface SampleOptions {
  readonly series?: number;
  readonly freq?: string;
  readonly periods?: number;
  readonly h?: number;
  readonly closedWeekdays?: readonly number[];
  /** Average of the largest series. */
  readonly size?: number;
  readonly intermittent?: boolean;
  readonly negative?: boolean;
  readonly missing?: number;
  readonly target?: string;
  readonly level?: readonly number[];
  readonly ids?: readonly string[];
  readonly seed?: number;
}

export function scoreRow(
  model: string,
  segment: string,
  wape: number,
  more: Partial<ScoreRow> = {},
): ScoreRow {
  return {
    model,
    segment,
    series: 40,
    cells: 1120,
    mae: 12 * wape,
    mse: (16 * wape) ** 2,
    rmse: 16 * wape,
    wape,
    mape: 110 * wape,
    smape: 90 * wape,
    mase: 4 * wape,
    rmsse: 3.5 * wape,
    bias: -wape / 10,
    pinball: 5 * wape,
    crps: wape * 0.8,
    coverage: { 80: 0.812, 95: 0.946 },
    width: { 80: 0.5, 95: 0.9 },
    skill: 1 - wape / 0.26,
    win_rate: 0.5 + (0.26 - wape),
    ...more,
  };
}

/** A report whose forecast is the truth that made the history, with normal intervals. */
export function sampleReport(options: SampleOptions = {}): Report {
  const {
    series = 40,
    freq: alias = 'D',
    periods = 400,
    h = 28,
    closedWeekdays = [],
    size = 120,
    intermittent = false,
    negative = false,
    missing = 0,
    target = 'units',
    level = [80, 95],
    seed = 3,
  } = options;
  const freq = frequency(alias);
  const season = freq.seasons[0] ?? 1;
  const ids =
    options.ids ??
    Array.from(
      { length: series },
      (_, i) => `SKU-${String(1000 + i)} ${['Mug', 'Lamp', 'Poster', 'Tea towel'][i % 4]}`,
    );
  const draw = random(seed);
  const lengths = ids.map((_, i) => (i % 9 === 4 ? Math.max(1, Math.floor(periods / 3)) : periods));
  const panel = allocatePanel({ freq, ids, target, closedWeekdays }, lengths);
  const end = freq.unit === 'step' ? periods + 1 : ordinal(freq, Date.UTC(2026, 5, 14)) + 1;
  const closed = (period: number): boolean =>
    freq.unit === 'day' && closedWeekdays.includes(weekday(Math.floor(timestamp(freq, period) / 86_400_000)));
  const level0 = ids.map((_, i) => (size * (0.6 + draw.uniform())) / (1 + i * 0.35));
  const truth = (i: number, period: number): number => {
    if (closed(period)) return 0;
    const phase = (((period % season) + season) % season) / season;
    const yearly = 1 + 0.25 * Math.sin((period / (season === 7 ? 365 : Math.max(season, 12))) * 2 * Math.PI);
    const wave = 1 + 0.35 * Math.sin(2 * Math.PI * phase + (i % 3));
    const base = level0[i]! * wave * yearly * (1 + (0.25 * (period - end)) / periods);
    return negative ? base - size * 0.5 : intermittent ? base * 0.02 : base;
  };
  ids.forEach((_, i) => {
    const n = lengthOf(panel, i);
    panel.start[i] = end - n;
    for (let k = 0; k < n; k++) {
      const cell = panel.offsets[i]! + k;
      const period = end - n + k;
      const m = truth(i, period);
      if (closed(period)) panel.state[cell] = CellState.closed;
      else if (draw.uniform() >= missing || k === n - 1) {
        panel.state[cell] = CellState.observed;
        panel.y[cell] = negative
          ? m + size * 0.2 * draw.normal()
          : draw.poisson(m * (1 + 0.15 * draw.normal()));
      }
    }
  });
  const probabilities = [0.5, ...level.flatMap((p) => bounds(p))].sort((a, b) => a - b);
  const z = probabilities.map(normalQuantile);
  const cells = ids.length * h;
  const mean = new Float64Array(cells);
  const quantiles = probabilities.map(() => new Float64Array(cells));
  const back = {
    mean: new Float64Array(cells),
    lo80: new Float64Array(cells),
    hi80: new Float64Array(cells),
  };
  const spread = (m: number, s: number): number =>
    (negative ? size * 0.25 : Math.sqrt(Math.max(m, 0.02)) + 0.12 * m) * (1 + s / (3 * h));
  const floor = (value: number): number => (negative ? value : Math.max(0, value));
  ids.forEach((_, i) => {
    for (let s = 0; s < h; s++) {
      const at = i * h + s;
      const m = truth(i, end + s);
      mean[at] = m;
      probabilities.forEach((_p, k) => {
        quantiles[k]![at] = closed(end + s) ? 0 : floor(m + z[k]! * spread(m, s));
      });
      const period = end - h + s;
      const known = lengthOf(panel, i) > 2 * h;
      const b = known ? truth(i, period) * (0.94 + 0.05 * (i % 3)) : Number.NaN;
      back.mean[at] = b;
      back.lo80[at] = floor(b - 1.28155 * spread(b, s));
      back.hi80[at] = b + 1.28155 * spread(b, s);
    }
  });
  const names = ['smooth', 'erratic', 'intermittent', 'lumpy'];
  const segments = ids.map((_, i) => (ids.length === 1 ? 'smooth' : names[(i * 7) % 4]!));
  const models: [string, number][] = [
    ['auto', 0.183],
    ['seasonal-naive', 0.26],
    ['theta', 0.196],
    ['holt-winters', 0.201],
    ['tsb', 0.244],
    ['naive', 0.412],
  ];
  const scores = [
    ...models.map(([model, wape]) =>
      scoreRow(model, 'all', wape, {
        series: ids.length,
        ...(model === 'seasonal-naive' ? { skill: 0, win_rate: 0.5 } : {}),
      }),
    ),
    ...[...new Set(segments)].flatMap((segment, k) =>
      models.slice(0, 2).map(([model, wape]) =>
        scoreRow(model, segment, wape * (1 + 0.5 * k), {
          series: segments.filter((name) => name === segment).length,
          skill: model === 'auto' ? 1 - 0.183 / 0.26 : 0,
        }),
      ),
    ),
  ];
  return {
    title: `sales.csv: ${h} ${freq.unit}s ahead`,
    target,
    panel,
    forecast: {
      ids,
      freq,
      h,
      start: new Int32Array(ids.length).fill(end),
      mean,
      probabilities,
      quantiles,
      level,
      model: ids.map((_, i) => (i % 9 === 4 ? 'naive' : '0.6 theta + 0.4 seasonal-naive')),
      fallback: ids.map((_, i) =>
        i % 9 === 4 && i > 0 ? 'has 3 observed values; theta needs at least 8' : undefined,
      ),
    },
    totals: {
      level: 80,
      lo: Float64Array.from(ids, (_, i) => 0.8 * sum(mean.subarray(i * h, (i + 1) * h))),
      hi: Float64Array.from(ids, (_, i) => 1.25 * sum(mean.subarray(i * h, (i + 1) * h))),
    },
    scores,
    backtest: { h, hidden: h, ...back },
    changes: [
      { what: 'days without a row taken as no sale (zero)', cells: 1204, series: 87 },
      { what: 'negative sales (returns) taken off the day of the return', cells: 31, series: 12 },
      { what: 'no such change', cells: 0, series: 0 },
    ],
    notes: [
      'Columns: series by "sku", time by "date", target "units"; guessed from their names and contents.',
      '3 series have sold nothing for 90 days; they are forecast with what little they still sell.',
    ],
    selection: [...new Set(segments)].map((segment) => ({
      segment,
      series: segments.filter((name) => name === segment).length,
      blend: '0.6 theta + 0.4 seasonal-naive',
    })),
    segments,
    about: [
      { label: 'Made with', value: 'Bellwether 0.1.0' },
      { label: 'Made at', value: '2026-06-15 08:12 UTC' },
      { label: 'Command', value: `bellwether forecast sales.csv -H ${h} --report out.html` },
      { label: 'Seed', value: '1' },
      { label: 'Run', value: '2026-06-15-a41f' },
      { label: 'Data', value: 'sha256 4f1c…9a, 15,212 rows' },
    ],
  };
}
