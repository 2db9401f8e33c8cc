import { describe, expect, it } from 'vitest';
import { frequency } from '../../src/core/frequency.ts';
import { allocatePanel, CellState } from '../../src/core/panel.ts';
import type { Report } from '../../src/report/report.ts';
import { hindsight, summarise } from '../../src/report/totals.ts';

const GAP = Number.NaN;

/** A report of bare series: each with its last period (all end at step `end` unless told) and its forecast. */
function bare(
  series: readonly { y: number[]; mean: number[]; end?: number; tried?: number[]; hidden?: number }[],
  closed: readonly [series: number, cell: number][] = [],
): Report {
  const freq = frequency('MS');
  const h = series[0]!.mean.length;
  const panel = allocatePanel(
    { freq, ids: series.map((_, i) => `s${i}`), target: 'y' },
    series.map(({ y }) => y.length),
  );
  series.forEach(({ y, end = 100 }, i) => {
    panel.start[i] = end + 1 - y.length;
    y.forEach((value, k) => {
      panel.y[panel.offsets[i]! + k] = value;
      panel.state[panel.offsets[i]! + k] = Number.isNaN(value) ? CellState.missing : CellState.observed;
    });
  });
  for (const [i, k] of closed) panel.state[panel.offsets[i]! + k] = CellState.closed;
  return {
    title: 't',
    target: 'y',
    panel,
    forecast: {
      ids: panel.ids,
      freq,
      h,
      start: Int32Array.from(series, ({ end = 100 }) => end + 1),
      mean: Float64Array.from(series.flatMap(({ mean }) => mean)),
      probabilities: [],
      quantiles: [],
      level: [],
      model: series.map(() => 'm'),
      fallback: series.map(() => undefined),
    },
    totals: { level: 80, lo: new Float64Array(series.length), hi: new Float64Array(series.length) },
    scores: [],
    backtest: {
      h,
      hidden: series.map(({ hidden = h, tried }) => (tried ? hidden : 0)),
      mean: Float64Array.from(
        series.flatMap(({ tried = [] }) => Array.from({ length: h }, (_, s) => tried[s] ?? GAP)),
      ),
    },
    changes: [],
    notes: [],
    selection: [],
    segments: series.map(() => 'smooth'),
    about: [],
  };
}

describe('totals', () => {
  it('adds up series by period, whatever their lengths, and ranks them by what is expected', () => {
    const { total, expected, order, before, sum } = summarise(
      bare([
        { y: [1, 2, 3, 4], mean: [5, 6] },
        { y: [10, 20], mean: [30, 40] },
      ]),
    );
    expect([...expected]).toEqual([11, 70]);
    expect(order).toEqual([1, 0]);
    expect(sum).toBe(81);
    expect([...before]).toEqual([7, 30]);
    expect([...total!.history]).toEqual([1, 2, 13, 24]);
    expect([...total!.mean]).toEqual([35, 46]);
    expect(total!.historyStart).toBe(97);
    expect(total!.before).toBe(37);
    expect(total!.yearBefore).toBeNaN();
  });

  it('compares with the same periods a year before', () => {
    const y = Array.from({ length: 30 }, (_, k) => k);
    const { total } = summarise(bare([{ y, mean: [1, 1, 1] }]));
    expect(total!.before).toBe(27 + 28 + 29);
    expect(total!.yearBefore).toBe(18 + 19 + 20);
  });

  it('does not compare with a past that was not observed, but closed cells do not count against it', () => {
    const y = [5, 5, GAP, 5];
    expect(summarise(bare([{ y, mean: [5, 5] }])).total!.before).toBeNaN();
    const shut = summarise(bare([{ y, mean: [5, 5] }], [[0, 2]])).total!;
    expect(shut.before).toBe(5);
    expect(shut.unobserved).toBe(0);
    expect(shut.state[2]).toBe(CellState.closed);
  });

  it('leaves out series that end elsewhere, and has no total where most do', () => {
    const elsewhere = { y: [7, 7], mean: [7, 7], end: 60 };
    const most = summarise(bare([{ y: [1, 2], mean: [3, 4] }, { y: [1, 2], mean: [3, 4] }, elsewhere]));
    expect(most.total!.series).toBe(2);
    expect([...most.total!.mean]).toEqual([6, 8]);
    const few = summarise(bare([{ y: [1, 2], mean: [3, 4] }, { ...elsewhere, end: 61 }, elsewhere]));
    expect(few.total).toBeUndefined();
    expect(few.sum).toBe(7 + 14 + 14);
  });

  it('adds up the held-back forecast, with untried series as they were observed', () => {
    const big = { y: [9, 9, 100, 110], mean: [1, 1], tried: [90, 120] };
    const { total } = summarise(bare([big, { y: [3, 4], mean: [1, 1] }]));
    expect(total!.backtest).toEqual({ start: 99, mean: Float64Array.of(93, 124), untried: 1 });
    const untried = summarise(bare([big, { y: [300, 400], mean: [1, 1] }]));
    expect(untried.total!.backtest).toBeUndefined();
  });

  it('compares the held-back forecast with what happened, cell by observed cell', () => {
    const report = bare([
      { y: [9, 9, 100, GAP], mean: [1, 1], tried: [90, 120] },
      { y: [9, 9, 9, 10], mean: [1, 1], tried: [14], hidden: 1 },
      { y: [9, 9, 9, 10], mean: [1, 1] },
    ]);
    expect(hindsight(report, [0, 1, 2])).toEqual({ forecast: 104, observed: 110, wape: 14 / 110 });
    expect(hindsight(report, [2])).toBeUndefined();
  });

  it('serves no series at all', () => {
    const report = bare([{ y: [1], mean: [1] }]);
    const panel = allocatePanel({ freq: report.panel.freq, ids: [], target: 'y' }, []);
    const forecast = { ...report.forecast, ids: [], start: new Int32Array(0), mean: new Float64Array(0) };
    expect(summarise({ ...report, panel, forecast })).toMatchObject({ order: [], sum: 0, total: undefined });
  });
});
