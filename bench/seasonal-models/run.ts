// CES, the averaged Theta, MSTL and TBATS on the samples that R and statsforecast were measured on.
import { createModel } from '../../src/models/registry.ts';
import type { Result, Row, RunOptions } from '../harness.ts';
import { type CompetitionSeries, readGzip } from '../m-competitions.ts';
import { sample, score } from '../theta/run.ts';

interface Peer {
  readonly set: string;
  readonly model: string;
  /** The model of ours that is held against it. */
  readonly ours: string;
  readonly smape: number;
  readonly mase: number;
  readonly ms: number;
}

const peer = (set: string, model: string, ours: string, smape: number, mase: number, ms: number): Peer => ({
  set,
  model,
  ours,
  smape,
  mase,
  ms,
});

/** Measured on the same series with the same metrics: R forecast 8.20 and statsforecast 2.1.1. */
const PEERS: readonly Peer[] = [
  peer('m3-yearly', 'statsforecast AutoCES', 'ces', 17.272, 3.224, 0.35),
  peer('m3-yearly', 'statsforecast AutoTheta', 'auto-theta', 16.63, 2.562, 3.13),
  peer('m3-quarterly', 'statsforecast AutoCES', 'ces', 9.288, 1.15, 2.6),
  peer('m3-quarterly', 'statsforecast AutoTheta', 'auto-theta', 9.016, 1.128, 4.67),
  peer('m3-quarterly', 'statsforecast MSTL', 'mstl', 9.096, 1.138, 6.73),
  peer('m3-quarterly', 'R stlm', 'mstl', 9.24, 1.16, 18.7),
  peer('m3-monthly', 'statsforecast AutoCES', 'ces', 15.099, 0.887, 5.5),
  peer('m3-monthly', 'statsforecast AutoTheta', 'auto-theta', 15.292, 0.879, 11.8),
  peer('m3-monthly', 'statsforecast MSTL', 'mstl', 14.964, 0.882, 11.5),
  peer('m3-monthly', 'R stlm', 'mstl', 14.893, 0.886, 21.2),
  peer('m4-weekly', 'statsforecast AutoCES', 'ces', 10.124, 2.402, 3.06),
  peer('m4-weekly', 'statsforecast AutoTheta', 'auto-theta', 8.999, 2.588, 508),
  peer('nn5-daily', 'statsforecast AutoCES', 'ces', 20.737, 0.848, 27),
  peer('nn5-daily', 'statsforecast AutoTheta', 'auto-theta', 21.698, 0.892, 168),
  peer('nn5-daily', 'statsforecast MSTL', 'mstl, week alone', 22.467, 0.893, 33.8),
  peer('nn5-daily', 'R stlm', 'mstl, week alone', 22.497, 0.895, 36.1),
];

const PERIODS: Readonly<Record<string, string>> = {
  'm3-yearly': 'YEARLY',
  'm3-quarterly': 'QUARTERLY',
  'm3-monthly': 'MONTHLY',
  'm4-weekly': 'WEEKLY',
  'nn5-daily': 'DAILY',
};

/**
 * Two years of the daily unit sales of M5's totals (levels 1 to 9: company, states, stores, departments), and the 56 days
 * after them. Those closed on more than one day in twenty are left out.
 */
function dailySales(): CompetitionSeries[] {
  const rows = readGzip('forecast/m5_levels1_9_daily_d1_d1913.csv.gz').trim().split('\n').slice(1);
  return rows.flatMap((row) => {
    const [level, key, ...days] = row.split(',');
    const values = Float64Array.from(days.slice(-735 - 56), Number);
    const train = values.subarray(0, 735);
    if (train.filter((value) => value === 0).length > 735 / 20) return [];
    return [{ id: `${level} ${key}`, period: 'DAILY', m: 7, h: 56, train, test: values.subarray(735) }];
  });
}

/** What counts as level: a percent or two of the errors, which on 100 to 300 series is noise. */
const TIE = 0.2;

export async function run({ quick }: RunOptions): Promise<Result> {
  const models = [
    ...['auto-theta', 'ces', 'mstl', 'tbats'].map((name) => [name, createModel(name)] as const),
    ['mstl, week alone', createModel({ model: 'mstl', options: { season_lengths: [7] } })] as const,
  ];
  // Loading and compiling are no part of the times.
  for (const [, model] of models) score('', sample('m3-monthly', 'MONTHLY').slice(0, 50), model);

  const rows: Row[] = [];
  const problems: string[] = [];
  for (const [set, period] of Object.entries(PERIODS)) {
    const series = sample(set, period).filter((_, i) => !quick || i % 10 === 0);
    const peers = PEERS.filter((each) => each.set === set);
    rows.push(...peers.map(({ model, smape, mase, ms }) => ({ set, period, model, smape, mase, ms })));
    for (const [label, model] of models) {
      if (label === 'mstl, week alone' && period !== 'DAILY') continue;
      const own = score(set, series, model, label);
      rows.push(own);
      for (const { model: name, ours, smape } of peers) {
        if (ours === label && Number(own.smape) > smape + TIE) {
          problems.push(`${set}: ${label} has sMAPE ${own.smape}, ${name} ${smape}`);
        }
      }
    }
  }
  const sales = dailySales().filter((_, i) => !quick || i % 10 === 0);
  rows.push(score('m5-daily', sales, createModel('seasonal-naive')));
  for (const [label, model] of models) rows.push(score('m5-daily', sales, model, label));

  return {
    claim:
      'ces, auto-theta and mstl are as accurate as the models of the same name in statsforecast and R or more, and ' +
      'faster, auto-theta and mstl several times; tbats costs milliseconds a series where R costs seconds.',
    rows,
    failed: !quick && problems.length > 0,
    notes: [
      ...problems,
      'ms: CPU milliseconds for fit and forecast of one series; those of peers are from another day on the same machine.',
      'Coverage: share of test cells in the 80 and 95 % intervals.',
    ],
  };
}
