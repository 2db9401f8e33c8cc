// A panel, a forecast and a run with something of everything, for the tests of the store.
import { frequency } from '../../src/core/frequency.ts';
import { allocatePanel, endOf, type Panel } from '../../src/core/panel.ts';
import { random } from '../../src/core/random.ts';
import type { ScoreRow } from '../../src/evaluate/scores.ts';
import type { ForecastTable } from '../../src/forecast/forecast-table.ts';
import type { RunDraft } from '../../src/store/manifest.ts';

/** Two weekly products with every kind of cell and column; the second was launched two weeks later. */
export function shopPanel(): Panel {
  const panel = allocatePanel(
    {
      freq: frequency('W-FRI'),
      ids: ['Mug, "blue"', 'Tea towel – 日本'],
      target: 'units',
      reach: 2,
      statics: [
        { name: 'brand', values: Float64Array.of(1, Number.NaN), levels: ["O'Hara", ''] },
        { name: 'start', values: Float64Array.of(0.1, -5) },
      ],
    },
    [4, 2],
    {
      knownFuture: [{ name: 'price' }, { name: 'promotion', levels: ['none', '2 for 1'] }],
      pastOnly: [{ name: 'State' }, { name: 'unused', levels: [] }],
    },
  );
  panel.start.set([2138, 2140]);
  panel.y.set([3, Number.NaN, 0.1 + 0.2, Number.NaN, 1e-300, Number.NaN]);
  panel.state.set([0, 1, 0, 2, 0, 3]);
  panel.knownFuture[0]!.values.set([5, 5, 4.5, 5, 6, Number.NaN, 9, 9, 8, 8]);
  panel.knownFuture[1]!.values.set([0, 0, 1, 0, 1, 1, 0, Number.NaN, 1, 0]);
  panel.pastOnly[0]!.values.set([10, 11, 12, 13, 14, Number.POSITIVE_INFINITY]);
  return panel;
}

/** A forecast of the panel with quantiles that no rounding could make. */
export function forecastOf(panel: Panel, h = 3, seed = 1): ForecastTable {
  const draw = random(seed);
  const column = (): Float64Array => Float64Array.from({ length: panel.ids.length * h }, () => draw.normal());
  const probabilities = [0.025, 0.1, 0.5, 0.9, 0.975];
  return {
    ids: panel.ids,
    freq: panel.freq,
    h,
    start: Int32Array.from(panel.ids, (_, i) => endOf(panel, i)),
    mean: column(),
    probabilities,
    quantiles: probabilities.map(column),
    level: [80, 95],
    model: panel.ids.map((_, i) => (i % 2 === 0 ? '0.60 theta + 0.40 ses' : 'zero')),
    fallback: panel.ids.map((_, i) =>
      i % 2 === 0 ? undefined : 'has 1 observed value; theta needs at least 4',
    ),
  };
}

export const score: ScoreRow = {
  model: 'auto',
  segment: 'all',
  series: 2,
  cells: 6,
  mae: 1.25,
  mse: 4,
  rmse: 2,
  wape: 0.3,
  mape: Number.NaN,
  smape: 40,
  mase: 0.9,
  rmsse: 0.95,
  bias: -0.02,
  pinball: 0.4,
  crps: 0.21,
  coverage: { 80: 0.81, 95: Number.NaN },
  width: { 80: 0.5, 95: Number.NaN },
  skill: Number.NEGATIVE_INFINITY,
  win_rate: 0.5,
};

export const draftOf = (more: Partial<RunDraft> = {}): RunDraft => ({
  created: '2026-11-23T14:15:02.500Z',
  kind: 'forecast',
  command: 'bellwether forecast sales.csv -H 3',
  version: '0.1.0',
  seed: 1,
  source: { files: ['sales.csv'], fingerprint: 'c0ffee' },
  options: { h: 3, models: undefined },
  h: 3,
  level: [80, 95],
  scores: [score],
  changes: [{ what: 'missing cells filled with zero', cells: 1204, series: 87 }],
  notes: ['column "week" is taken for the time.'],
  seconds: 1.5,
  ...more,
});
