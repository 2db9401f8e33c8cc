// Zero: the last resort for a series with nothing observed. It claims no knowledge beyond that.
import { refuseUnknownOptions } from '../core/errors.ts';
import type { Model } from './model.ts';
import { onlyLevel } from './parts.ts';

export function zero(options: Record<string, never> = {}): Model<null> {
  refuseUnknownOptions('zero', options, []);
  return {
    name: 'zero',
    fit: () => null,
    forecast: (_state, h) => ({ kind: 'normal', mean: new Float64Array(h), sd: new Float64Array(h) }),
    components: (_state, { y }, h) => onlyLevel(new Float64Array(y.length + h)),
    simulate: (_state, h, _future, paths) => new Float64Array(paths * h),
  };
}
