import { describe, expect, it } from 'vitest';
import { random } from '../../../src/core/random.ts';
import type { Feature } from '../../../src/learn/trees/bins.ts';
import {
  gainImportance,
  partialDependence,
  permutationImportance,
} from '../../../src/learn/trees/importance.ts';
import type { TreeModel } from '../../../src/learn/trees/model.ts';
import { predictTrees } from '../../../src/learn/trees/predict.ts';
import { shapley } from '../../../src/learn/trees/shap.ts';
import { trainTrees } from '../../../src/learn/trees/train.ts';
import { goesLeft, type Tree } from '../../../src/learn/trees/tree.ts';

const N = 1200;
const draw = random(3);
const features: Feature[] = [
  { name: 'strong', values: Float64Array.from({ length: N }, () => draw.normal()) },
  { name: 'weak', values: Float64Array.from({ length: N }, () => draw.normal()) },
  { name: 'kind', values: Float64Array.from({ length: N }, () => draw.below(6)), levels: 6 },
  {
    name: 'gaps',
    values: Float64Array.from({ length: N }, () => (draw.uniform() < 0.3 ? Number.NaN : draw.normal())),
  },
  { name: 'noise', values: Float64Array.from({ length: N }, () => draw.normal()) },
];
const value = (f: number, i: number): number => features[f]!.values[i]!;
const y = Float64Array.from({ length: N }, (_, i) => {
  const kind = [0, 2, 4, 6, 8, 10][value(2, i)]! / 4;
  return (
    4 * value(0, i) +
    value(0, i) * value(1, i) +
    kind +
    (Number.isNaN(value(3, i)) ? 2 : 0) +
    0.3 * draw.normal()
  );
});

/** The mean of a tree when only the features in `known` of a row are known: what Shapley values are made of. */
function conditional(tree: Tree, i: number, known: ReadonlySet<number>): number {
  const walk = (k: number): number => {
    if (k < 0) return tree.value[-1 - k]!;
    const f = tree.feature[k]!;
    const [left, right] = [tree.left[k]!, tree.right[k]!];
    if (known.has(f)) return walk(goesLeft(tree, k, value(f, i), features[f]!.levels ?? 0) ? left : right);
    const cover = (child: number): number => (child >= 0 ? tree.cover[child]! : tree.leafCover[-1 - child]!);
    return (cover(left) * walk(left) + cover(right) * walk(right)) / (cover(left) + cover(right));
  };
  return walk(tree.feature.length > 0 ? 0 : -1);
}

/** Shapley's formula, over all subsets. */
function bySubsets({ trees }: TreeModel, i: number): number[] {
  const F = features.length;
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  const mean = (known: ReadonlySet<number>): number =>
    trees.reduce((total, tree) => total + conditional(tree, i, known), 0);
  return features.map((_, f) => {
    let total = 0;
    for (let mask = 0; mask < 1 << F; mask++) {
      if ((mask >> f) & 1) continue;
      const known = new Set(features.map((__, g) => g).filter((g) => (mask >> g) & 1));
      const weight = (factorial(known.size) * factorial(F - known.size - 1)) / factorial(F);
      total += weight * (mean(new Set([...known, f])) - mean(known));
    }
    return total;
  });
}

describe('Shapley values', () => {
  it('are those of the formula over all subsets', () => {
    const model = trainTrees({ features, y }, { rounds: 8, leaves: 12 });
    const few = features.map((feature) => ({ ...feature, values: feature.values.slice(0, 12) }));
    const found = shapley(model, few);
    for (let i = 0; i < 12; i++) {
      for (const [f, exact] of bySubsets(model, i).entries()) expect(found[6 * i + f]).toBeCloseTo(exact, 9);
    }
  });

  it('add up to the score, for every output', () => {
    const quantiles = [0.1, 0.5, 0.9];
    const model = trainTrees({ features, y }, { objective: 'quantile', quantiles, rounds: 30 });
    const score = predictTrees(model, features, { raw: true });
    const found = shapley(model, features);
    for (let at = 0; at < score.length; at++) {
      const total = found.subarray(6 * at, 6 * at + 6).reduce((a, b) => a + b, 0);
      expect(Math.abs(total - score[at]!)).toBeLessThan(1e-9);
    }
  });

  it('rank the features as they act', () => {
    const model = trainTrees({ features, y }, { rounds: 60 });
    const found = shapley(model, features);
    const size = features.map((_, f) => {
      let total = 0;
      for (let i = 0; i < N; i++) total += Math.abs(found[6 * i + f]!) / N;
      return total;
    });
    expect(size[0]).toBeGreaterThan(Math.max(...size.slice(1)));
    expect(size[4]).toBe(Math.min(...size));
  });
});

describe('importance', () => {
  const model = trainTrees({ features, y }, { rounds: 60 });

  it('by gain sums to one and puts the strong first, the noise last', () => {
    const gain = gainImportance(model);
    expect(gain.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect(gain.indexOf(Math.max(...gain))).toBe(0);
    expect(gain.indexOf(Math.min(...gain))).toBe(4);
  });

  it('by permutation says what is lost without a feature', () => {
    const loss = (p: Float64Array): number => p.reduce((total, v, i) => total + (v - y[i]!) ** 2, 0) / N;
    const lost = permutationImportance(model, features, loss);
    expect(lost.indexOf(Math.max(...lost))).toBe(0);
    // Shuffling x moves 4x by twice its variance: 2 · 16.
    expect(lost[0]).toBeGreaterThan(25);
    expect(lost[4]).toBeLessThan(0.2);
  });

  it('partial dependence follows the effect', () => {
    const p = partialDependence(model, features, 'strong', [-1, 0, 1]);
    expect(p[1]! - p[0]!).toBeGreaterThan(3);
    expect(p[2]! - p[1]!).toBeLessThan(5);
    expect(() => partialDependence(model, features, 'strnog', [0])).toThrow(/Did you mean "strong"/);
  });
});
