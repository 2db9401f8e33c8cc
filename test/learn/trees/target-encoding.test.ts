import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { random } from '../../../src/core/random.ts';
import { binTable, type Encoding, type Feature } from '../../../src/learn/trees/bins.ts';
import { columnsOf } from '../../../src/learn/trees/columns.ts';
import { gainImportance } from '../../../src/learn/trees/importance.ts';
import type { TreeModel } from '../../../src/learn/trees/model.ts';
import { settingsOf, type TreeOptions } from '../../../src/learn/trees/options.ts';
import { predictTrees } from '../../../src/learn/trees/predict.ts';
import { shapley } from '../../../src/learn/trees/shap.ts';
import { encodeByTarget } from '../../../src/learn/trees/target-encoding.ts';
import { trainTrees } from '../../../src/learn/trees/train.ts';
import { goesLeft, type Tree } from '../../../src/learn/trees/tree.ts';

const LEVELS = 4;

interface Row {
  readonly code: number;
  readonly y: number;
  readonly w: number;
  readonly time: number;
}

const row = fc.record<Row>({
  code: fc.constantFrom(0, 1, 2, Number.NaN),
  y: fc.integer({ min: -50, max: 50 }),
  w: fc.integer({ min: 1, max: 3 }),
  time: fc.integer({ min: 0, max: 6 }),
});
const table = fc.array(row, { minLength: 2, maxLength: 40 });

/** The encoding of every row of a table, and of every code afterwards. */
function encode(rows: readonly Row[], byTime: boolean, learned = rows.map((_, i) => i)) {
  const numbers = (pick: (r: Row) => number): Float64Array => Float64Array.from(rows, pick);
  const feature: Feature = { name: 'c', values: numbers((r) => r.code), levels: LEVELS };
  const { columns, encodings } = encodeByTarget(
    [feature],
    () => true,
    { y: numbers((r) => r.y), weights: numbers((r) => r.w) },
    Uint32Array.from(learned),
    byTime ? numbers((r) => r.time) : undefined,
    settingsOf({ cat_prior: 2 }, 1),
  );
  return { values: Array.from(columns[0]!.values), ...encodings[0]! };
}

/** The mean of a code over some rows, with the mean of them all counting as two rows. */
function meanOf(rows: readonly Row[], code: number): number {
  const sum = (own: readonly Row[], pick: (r: Row) => number): number =>
    own.reduce((total, r) => total + pick(r), 0);
  const prior = sum(rows, (r) => r.w * r.y) / sum(rows, (r) => r.w);
  const own = rows.filter((r) => r.code === code);
  return (sum(own, (r) => r.w * r.y) + 2 * prior) / (sum(own, (r) => r.w) + 2);
}

describe('an encoding by the target', () => {
  it('is the mean over rows of earlier times, and over all rows in predictions', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const { values, means, prior } = encode(rows, true);
        for (const [i, { code, time }] of rows.entries()) {
          const earlier = rows.filter((r) => r.time < time);
          if (earlier.length === 0) expect(values[i]).toBeNaN();
          else expect(values[i]).toBeCloseTo(meanOf(earlier, code), 4);
        }
        // The last code is never there.
        for (let code = 0; code < LEVELS; code++) expect(means[code]).toBeCloseTo(meanOf(rows, code), 4);
        expect(means[LEVELS - 1]).toBeCloseTo(prior, 5);
      }),
    );
  });

  it('of a row depends neither on its own target nor on those of later rows', () => {
    fc.assert(
      fc.property(table, fc.nat(), (rows, pick) => {
        const i = pick % rows.length;
        const changed = rows.map((r) => (r.time >= rows[i]!.time ? { ...r, y: 1000 - 3 * r.y } : r));
        const [a, b] = [encode(rows, true), encode(changed, true)];
        for (const [k, { time }] of rows.entries())
          if (time <= rows[i]!.time) expect(b.values[k]).toBe(a.values[k]);
      }),
    );
  });

  it('in a drawn order: of any two rows, at most one hears of the other, and none of itself', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const { values } = encode(rows, false);
        const heard = rows.map((_, i) => {
          const changed = encode(rows.with(i, { ...rows[i]!, y: rows[i]!.y + 1000 }), false).values;
          return values.map((value, k) => !Object.is(value, changed[k]));
        });
        for (let i = 0; i < rows.length; i++) {
          expect(heard[i]![i]).toBe(false);
          for (let k = 0; k < i; k++) expect(heard[i]![k]! && heard[k]![i]!).toBe(false);
        }
        // One row is the last of all, and hears of every other.
        const hears = rows.map((_, k) => heard.filter((by) => by[k]).length);
        expect(Math.max(...hears)).toBe(rows.length - 1);
      }),
      { numRuns: 30 },
    );
  });

  it('tells rows that are not learned from what predictions are told', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const learned = rows.map((_, i) => i).filter((i) => i % 2 === 0);
        const spoiled = rows.map((r, i) => (i % 2 === 0 ? r : { ...r, y: 1e6 }));
        const { values, means, prior } = encode(spoiled, true, learned);
        expect(values).toEqual(encode(rows, true, learned).values);
        for (let i = 1; i < rows.length; i += 2) expect(values[i]).toBe(means[rows[i]!.code] ?? prior);
      }),
    );
  });
});

const mse = (a: Float64Array, b: Float64Array): number =>
  a.reduce((total, value, i) => total + (value - b[i]!) ** 2, 0) / a.length;

/** Rows of a category whose effects are normal, some codes much more frequent than others, and a number. */
function made(levels: number, rows: number, seed: number, encoding: Encoding = 'ordered-target') {
  const effect = random(levels, 'effects');
  const effects = Float64Array.from({ length: levels }, () => effect.normal());
  const draw = random(seed, 'rows');
  const codes = Float64Array.from({ length: rows }, () => Math.floor(levels * draw.uniform() ** 2));
  const x = Float64Array.from({ length: rows }, () => draw.normal());
  const truth = codes.map((code, i) => effects[code]! + Math.sin(2 * x[i]!));
  const features: Feature[] = [
    { name: 'x', values: x },
    { name: 'sku', values: codes, levels, encoding },
  ];
  return { features, truth, y: truth.map((v) => v + draw.normal()), draw };
}

describe('trees on encodings by the target', () => {
  it('learn nothing from 10,000 categories of noise, where means that know a row would teach them', () => {
    const draw = random(5);
    const [rows, levels] = [20_000, 10_000];
    const column = (next: () => number): Float64Array => Float64Array.from({ length: rows }, next);
    const y = column(() => draw.normal());
    const sku: Feature = { name: 'sku', values: column(() => draw.below(levels)), levels };
    const all = Uint32Array.from({ length: rows }, (_, i) => i);
    const { columns, encodings } = encodeByTarget(
      [sku],
      () => true,
      { y },
      all,
      undefined,
      settingsOf({}, 1),
    );
    const means = encodings[0]!.means;
    const loss = (values: Feature['values']): number => {
      const features = [{ name: 'x', values }];
      return mse(predictTrees(trainTrees({ features, y }, { rounds: 30 }), features), y);
    };
    const ordered = loss(columns[0]!.values);
    const drawn = loss(column(() => draw.normal()));
    const leaking = loss(sku.values.map((code) => means[code]!));
    // Trees fit a little of any noise: no more of this than of a number that is drawn.
    expect(ordered).toBeGreaterThan(0.99 * drawn);
    expect(leaking).toBeLessThan(0.7 * drawn);
  });

  it('serve many categories better than splits by sets of them', () => {
    const left = (encoding: Encoding): number => {
      const { features, y } = made(2000, 20_000, 1, encoding);
      const fresh = made(2000, 20_000, 2, encoding);
      return mse(predictTrees(trainTrees({ features, y }), fresh.features), fresh.truth);
    };
    expect(left('ordered-target')).toBeLessThan(left('native') / 3);
  });

  const targets: readonly [TreeOptions, (v: number, draw: ReturnType<typeof random>) => number][] = [
    [{ objective: 'l2' }, (v, draw) => v + draw.normal()],
    [{ objective: 'quantile', quantiles: [0.2, 0.8] }, (v, draw) => v + draw.normal()],
    [{ objective: 'logistic' }, (v, draw) => (draw.uniform() < 1 / (1 + Math.exp(-2 * v)) ? 1 : 0)],
    [{ objective: 'tweedie' }, (v, draw) => draw.poisson(Math.exp(v))],
    [
      { objective: 'softmax', classes: 3 },
      (v, draw) => Math.min(2, Math.max(0, Math.round(v + 1 + 0.5 * draw.normal()))),
    ],
  ];
  it.each(targets)('find what a category means for %j', (options, answer) => {
    const [a, b] = [made(800, 8000, 1), made(800, 8000, 2)];
    const [y, later] = [a, b].map(({ truth, draw }) => truth.map((v) => answer(v, draw)));
    const validation = (features: (own: typeof a) => Feature[]): TreeModel =>
      trainTrees({ features: features(a), y: y!, valid: { features: features(b), y: later! } }, options);
    const withSku = validation(({ features }) => features);
    const without = validation(({ features }) => features.slice(0, 1));
    // Every loss but the squares has a floor that no knowledge lowers.
    expect(withSku.validation.at(-1)).toBeLessThan(0.95 * without.validation.at(-1)!);
    // One column a class, of one feature.
    expect(withSku.features).toHaveLength(options.objective === 'softmax' ? 4 : 2);
    expect(gainImportance(withSku)).toHaveLength(2);
    const said = predictTrees(withSku, b.features);
    expect(said.every(Number.isFinite)).toBe(true);
  });

  it('give what is missing, beyond the codes or was never there the mean of all', () => {
    const { features, y } = made(50, 2000, 1);
    const model = trainTrees({ features: [features[0]!, { ...features[1]!, levels: 60 }], y });
    const codes = Float64Array.of(Number.NaN, 55, 70, -1);
    const asked = [
      { name: 'x', values: new Float64Array(4) },
      { name: 'sku', values: codes, levels: 60 },
    ];
    const mean = y.reduce((a, b) => a + b, 0) / y.length;
    expect(Array.from(columnsOf(model.features, asked)[1]!.values)).toEqual(
      new Array(4).fill(Math.fround(mean)),
    );
  });

  it('go on from a model as if there had been no break, and repeat to the byte', () => {
    const { features, y } = made(200, 3000, 1);
    const [half, whole] = [
      trainTrees({ features, y }, { rounds: 5 }),
      trainTrees({ features, y }, { rounds: 10 }),
    ];
    const more = trainTrees({ features, y }, { rounds: 5 }, { before: half });
    expect(more.features).toEqual(whole.features);
    expect(mse(predictTrees(more, features), predictTrees(whole, features))).toBeLessThan(1e-12);
    expect(trainTrees({ features, y }, { rounds: 10 })).toEqual(whole);
    expect(trainTrees({ features, y }, { rounds: 10, seed: 2 }).trees).not.toEqual(whole.trees);
  });

  it('hold directions and groups of features to their columns', () => {
    const { features, truth } = made(100, 4000, 1);
    const y = truth.map((v) => Math.min(2, Math.max(0, Math.round(v + 1))));
    const options: TreeOptions = { objective: 'softmax', classes: 3, rounds: 10, interactions: [[0], [1]] };
    const { trees } = trainTrees({ features, y }, options);
    for (const { feature } of trees) expect(feature.includes(0) && feature.some((c) => c > 0)).toBe(false);
    expect(trees.some(({ feature }) => feature.includes(2) && feature.some((c) => c === 1 || c === 3))).toBe(
      true,
    );
    const rising = trainTrees({ features, y: truth }, { rounds: 50, monotone: [0, 1] });
    const { means } = rising.features[1]!.encoding!;
    const order = Array.from(means.keys()).sort((a, b) => means[a]! - means[b]!);
    const said = predictTrees(rising, [
      { name: 'x', values: new Float64Array(100) },
      { name: 'sku', values: Float64Array.from(order), levels: 100 },
    ]);
    for (let k = 1; k < said.length; k++) expect(said[k]! - said[k - 1]!).toBeGreaterThanOrEqual(-1e-12);
  });

  it('have Shapley values of the feature as a whole, whatever its columns', () => {
    const { features, truth } = made(40, 1500, 1);
    const y = truth.map((v) => Math.min(2, Math.max(0, Math.round(v + 1))));
    const model = trainTrees({ features, y }, { objective: 'softmax', classes: 3, rounds: 5, leaves: 8 });
    const rows = 10;
    const few = features.map((f) => ({ ...f, values: f.values.slice(0, rows) }));
    const columns = columnsOf(model.features, few);
    /** The mean of a tree where x, the category, both or neither are known. */
    const conditional = (tree: Tree, i: number, knowsX: boolean, knowsSku: boolean): number => {
      const walk = (k: number): number => {
        if (k < 0) return tree.value[-1 - k]!;
        const c = tree.feature[k]!;
        const [left, right] = [tree.left[k]!, tree.right[k]!];
        if (c === 0 ? knowsX : knowsSku)
          return walk(goesLeft(tree, k, columns[c]!.values[i]!, 0) ? left : right);
        const cover = (child: number): number =>
          child >= 0 ? tree.cover[child]! : tree.leafCover[-1 - child]!;
        return (cover(left) * walk(left) + cover(right) * walk(right)) / (cover(left) + cover(right));
      };
      return walk(tree.feature.length > 0 ? 0 : -1);
    };
    const found = shapley(model, few);
    expect(found).toHaveLength(rows * 3 * 3);
    for (let i = 0; i < rows; i++) {
      for (let k = 0; k < 3; k++) {
        const mean = (knowsX: boolean, knowsSku: boolean): number =>
          model.trees.reduce(
            (total, tree, t) => total + (t % 3 === k ? conditional(tree, i, knowsX, knowsSku) : 0),
            0,
          );
        const [none, x, sku, both] = [
          mean(false, false),
          mean(true, false),
          mean(false, true),
          mean(true, true),
        ];
        expect(found[(3 * i + k) * 3]).toBeCloseTo((x - none + both - sku) / 2, 9);
        expect(found[(3 * i + k) * 3 + 1]).toBeCloseTo((sku - none + both - x) / 2, 9);
      }
    }
  });
});

it('encodings by the target that cannot be are refused', () => {
  const y = Float64Array.of(1, 2);
  const codes = { name: 'c', values: Float64Array.of(0, 1), levels: 2, encoding: 'ordered-target' } as const;
  const train =
    (feature: Feature, more = {}, options: TreeOptions = {}) =>
    (): TreeModel =>
      trainTrees({ features: [feature], y, ...more }, options);
  expect(train({ name: 'x', values: y, encoding: 'ordered-target' })).toThrow(
    'feature "x" holds numbers; only categories can be encoded by their target.',
  );
  expect(train({ ...codes, encoding: 'ordered target' as Encoding })).toThrow(
    'feature "c" has the encoding "ordered target". Did you mean "ordered-target"?',
  );
  expect(train({ ...codes, values: Float64Array.of(0, 2) })).toThrow(
    'feature "c" has the category 2 in row 1; categories are 0 to 1.',
  );
  expect(train(codes, { time: Float64Array.of(1) })).toThrow(
    'trees: row 1 has no time; give one for every row.',
  );
  expect(train(codes, {}, { cat_prior: 0 })).toThrow('trees: cat_prior is 0; give above 0.');
  expect(() => binTable([codes])).toThrow(
    'feature "c" is encoded by its target, which a table alone does not have; give trainTrees the features.',
  );
  const before = train(codes)();
  const table = binTable([{ name: 'c', values: codes.values, levels: 2 }]);
  expect(() => trainTrees({ features: table, y }, {}, { before })).toThrow(
    'trees: the model to go on from encodes "c" by its target, which a binned table cannot; give the features.',
  );
});
