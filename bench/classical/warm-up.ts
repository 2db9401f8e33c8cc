// What the first fits of a fresh process cost, before the code is compiled, beside the same fits once it is.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { medianOf, type Row } from '../harness.ts';

const SAMPLE = 'm3-monthly';
const MODELS = ['ets', 'arima', 'ces', 'theta', 'dynamic-optimised-theta', 'mstl'];
/** Fresh processes a model. */
const ROUNDS = 5;
const PROGRAM = fileURLToPath(new URL('first-fits.ts', import.meta.url));

/** CPU milliseconds of one process: of the first fit, and a series over the first ones, at first and once warm. */
export interface FirstFits {
  readonly series: number;
  readonly first: number;
  readonly cold: number;
  readonly warm: number;
}

export const WARM_UP_NOTE: string = `Warm-up: medians of ${ROUNDS} fresh processes, CPU ms with all of their threads, loading apart: the first fit and forecast (first_ms), a series over the first ones (cold_ms), and a series over the same ones after three rounds of them (ms).`;

export function warmUpRows(): Row[] {
  return MODELS.map((model) => {
    const runs = Array.from({ length: ROUNDS }, () => {
      const out = execFileSync(process.execPath, ['--import', 'tsx', PROGRAM, SAMPLE, model], {
        encoding: 'utf8',
      });
      return JSON.parse(out) as FirstFits;
    });
    const middle = (of: 'first' | 'cold' | 'warm'): number => medianOf(runs.map((run) => run[of]));
    return {
      part: 'warm-up',
      sample: SAMPLE,
      model,
      n: runs[0]!.series,
      ms: middle('warm'),
      first_ms: middle('first'),
      cold_ms: middle('cold'),
    };
  });
}
