import { expect, it } from 'vitest';
import { random } from '../../src/core/random.ts';
import { predictTrees } from '../../src/learn/trees/predict.ts';
import { trainTrees } from '../../src/learn/trees/train.ts';
import { decodeState, encodeState } from '../../src/store/plain-data.ts';

it('trees that were written as JSON and read again say the same', () => {
  const draw = random(1);
  const column = (next: () => number): Float64Array => Float64Array.from({ length: 500 }, next);
  const features = [
    { name: 'a', values: column(() => (draw.uniform() < 0.1 ? Number.NaN : draw.normal())) },
    { name: 'kind', values: column(() => draw.below(40)), levels: 40 },
  ];
  const y = column(() => draw.normal()).map((v, i) => v + (features[1]!.values[i]! % 3));
  const model = trainTrees({ features, y }, { rounds: 20 });
  const read = decodeState(encodeState(model)) as typeof model;
  expect(read).toEqual(model);
  expect(predictTrees(read, features)).toEqual(predictTrees(model, features));
});
