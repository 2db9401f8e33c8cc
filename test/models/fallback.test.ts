import { describe, expect, it } from 'vitest';
import { ModelRefusal, UsageError } from '../../src/core/errors.ts';
import { futureAt, seriesAt } from '../../src/core/panel.ts';
import { FALLBACKS, fitOrFallBack } from '../../src/models/fallback.ts';
import type { Model } from '../../src/models/model.ts';
import { createModel } from '../../src/models/registry.ts';
import { panelOf } from '../panels.ts';

const fallbacks = FALLBACKS.map(createModel);

function attempt(model: Model, y: ArrayLike<number>, season_length = 7) {
  const panel = panelOf({ a: y });
  const context = { freq: panel.freq, season_length, seed: 1, knownFuture: [] };
  return fitOrFallBack(model, fallbacks, seriesAt(panel, 0), context, 3, futureAt(panel, 0, 3));
}

const broken = (fit: () => never): Model => ({
  name: 'broken',
  fit,
  forecast: () => fit(),
  components: () => fit(),
});
const weeks = Array.from({ length: 21 }, (_, t) => t % 7);

describe('fallbacks', () => {
  it('leave a model alone that can serve', () => {
    const { model, fallback } = attempt(createModel('ses'), weeks);
    expect([model.name, fallback]).toEqual(['ses', undefined]);
  });

  it('take the simplest rule that fits the history, and pass on the reason', () => {
    const refusing = broken(() => {
      throw new ModelRefusal('is not to its taste');
    });
    expect(attempt(refusing, weeks)).toMatchObject({
      model: { name: 'seasonal-naive' },
      fallback: 'is not to its taste',
    });
    expect(attempt(refusing, [1, 2, 3]).model.name).toBe('naive');
    expect(attempt(refusing, [Number.NaN, Number.NaN])).toMatchObject({ model: { name: 'zero' } });
  });

  it('say so when a model fails or gives no finite forecast', () => {
    const failing = broken(() => {
      throw new TypeError('of undefined');
    });
    expect(attempt(failing, weeks).fallback).toBe('broken failed: of undefined');
    const empty: Model = {
      name: 'empty',
      fit: () => 0,
      forecast: (_, h) => ({
        kind: 'normal',
        mean: new Float64Array(h).fill(Number.NaN),
        sd: new Float64Array(h),
      }),
      components: () => {
        throw new Error('nothing to take apart');
      },
    };
    expect(attempt(empty, weeks).fallback).toBe('empty gave no finite forecast');
  });

  it('do not hide wrong options', () => {
    const wrong = broken(() => {
      throw new UsageError('no column "prise"');
    });
    expect(() => attempt(wrong, weeks)).toThrow('no column "prise"');
  });
});
