import { describe, expect, it } from 'vitest';
import { modelList } from '../../src/cli/model-list.ts';
import { UsageError } from '../../src/core/errors.ts';

describe('the list of --models', () => {
  it('takes names', () => {
    expect(modelList('theta, ses,,naive,')).toEqual([
      { model: 'theta' },
      { model: 'ses' },
      { model: 'naive' },
    ]);
  });

  it('takes the models that a model works with, one or several, in one another', () => {
    expect(modelList('combination(ets, mstl(ces)),with-regressors(theta)')).toEqual([
      {
        model: 'combination',
        options: { models: [{ model: 'ets' }, { model: 'mstl', options: { model: { model: 'ces' } } }] },
      },
      { model: 'with-regressors', options: { model: { model: 'theta' } } },
    ]);
    expect(modelList('combination()')).toEqual([{ model: 'combination' }]);
  });

  it('takes options as numbers, yes and no, lists and words', () => {
    expect(
      modelList('arima(order=[0,1,1], drift=true),mstl(ets,seasonal = additive),tbats(box_cox=0.5)'),
    ).toEqual([
      { model: 'arima', options: { order: [0, 1, 1], drift: true } },
      { model: 'mstl', options: { model: { model: 'ets' }, seasonal: 'additive' } },
      { model: 'tbats', options: { box_cox: 0.5 } },
    ]);
  });

  it.each([
    ['combination(ets,ces', '--models "combination(ets,ces" has a bracket too few at the end.'],
    ['ets,ces)', '--models "ets,ces)" has a bracket too many at the end.'],
    ['mstl(ets)ces', '--models "mstl(ets)ces" is not a model; write name or name(model, option=value).'],
    ['ets theta', '--models "ets theta" is not a model'],
    ['(ets)', '--models "(ets)" is not a model'],
    ['combination(ets,tetha)', 'model "tetha" is not known. Did you mean "theta"?'],
    ['combinaton(ets,theta)', 'Did you mean "combination"?'],
    ['theta(ets)', 'theta works with no other model; write "ets" as option=value.'],
    ['mstl(ets,ces)', 'mstl works with one model, not with 2; name mstl once for each.'],
  ])('refuses %s', (text, message) => {
    expect(() => modelList(text)).toThrow(UsageError);
    expect(() => modelList(text)).toThrow(message);
  });
});
