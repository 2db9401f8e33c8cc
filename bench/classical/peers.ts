// The peers on the samples: R forecast 8.20 and statsforecast 2.1.1 (C++), scored with the same metrics on the same series.
import { readFileSync } from 'node:fs';

export interface Peer {
  readonly sample: string;
  /** "R" or "statsforecast". */
  readonly peer: string;
  readonly model: string;
  /** Series: the sample's first so many, where a run was cut short. */
  readonly n: number;
  /** CPU milliseconds a series for fit and forecast, on one machine: only ratios to R carry over to another. */
  readonly ms: number;
  readonly smape: number;
  readonly mase: number;
  readonly owa: number;
}

/** The peers' names for our models, R's first. */
export const TWINS: Readonly<Record<string, readonly string[]>> = {
  ets: ['ets', 'AutoETS'],
  arima: ['auto.arima', 'AutoARIMA'],
  ces: ['AutoCES'],
  theta: ['thetaf', 'Theta'],
  'optimised-theta': ['OptimizedTheta'],
  'dynamic-theta': ['DynamicTheta'],
  'dynamic-optimised-theta': ['DynamicOptimizedTheta'],
  'auto-theta': ['AutoTheta'],
  mstl: ['stlm_ets', 'MSTL'],
  tbats: ['tbats', 'AutoTBATS'],
  additive: ['prophet'],
};

export const PEERS: readonly Peer[] = readFileSync(new URL('peers.tsv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const cells = line.split('\t');
    const number = (k: number): number => Number(cells[k]);
    return {
      sample: cells[0]!,
      peer: cells[1]!,
      model: cells[2]!,
      n: number(3),
      ms: number(4),
      smape: number(5),
      mase: number(6),
      owa: number(7),
    };
  });

/** The peers' runs of one of our models on one sample. */
export const twinsOf = (sample: string, model: string): Peer[] =>
  PEERS.filter((p) => p.sample === sample && (TWINS[model] ?? []).includes(p.model));
