import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accuracy,
  confusionMatrix,
  f1,
  logLoss,
  precision,
  recall,
  rocAuc,
} from '../../src/evaluate/classification.ts';

const labels = [1, 1, 1, 0, 0, 0, 0, 1];
const scores = [0.9, 0.8, 0.4, 0.5, 0.3, 0.2, 0.4, 0.1];

describe('classification scores, worked by hand', () => {
  it('counts the four outcomes; the threshold itself is positive', () => {
    const c = confusionMatrix(labels, scores);
    expect(c).toEqual({ truePositive: 2, falsePositive: 1, trueNegative: 3, falseNegative: 2 });
    expect(accuracy(c)).toBe(5 / 8);
    expect(precision(c)).toBe(2 / 3);
    expect(recall(c)).toBe(2 / 4);
    expect(f1(c)).toBeCloseTo(4 / 7, 14);
    expect(confusionMatrix(labels, scores, 0.4).truePositive).toBe(3);
  });
  it('is NaN where nothing can be said', () => {
    expect(precision(confusionMatrix([1, 0], [0, 0]))).toBeNaN();
    expect(recall(confusionMatrix([0, 0], [1, 0]))).toBeNaN();
    expect(f1(confusionMatrix([0, 0], [0, 0]))).toBeNaN();
    expect(rocAuc([1, 1], [0.1, 0.2])).toBeNaN();
  });
  it('ranks with ties as halves', () => {
    // Positives .9 .8 .4 .1 against negatives .5 .3 .2 .4: wins 4 + 4 + 2.5 + 0 of 16.
    expect(rocAuc(labels, scores)).toBe(10.5 / 16);
    expect(rocAuc([0, 1, 0, 1], [5, 5, 5, 5])).toBe(0.5);
    expect(rocAuc([0, 0, 1, 1], [1, 2, 3, 4])).toBe(1);
    expect(rocAuc([1, 0], [0, 1])).toBe(0);
  });
  it('scores probabilities, and one certain mistake is not infinite', () => {
    expect(logLoss([1, 0], [0.8, 0.4])).toBeCloseTo(-(Math.log(0.8) + Math.log(0.6)) / 2, 14);
    expect(logLoss([1], [0])).toBeCloseTo(34.538776394910684, 10);
    expect(logLoss([0], [0])).toBeCloseTo(0, 14);
  });
});

describe('the area under the ROC curve', () => {
  const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 8 })), {
    minLength: 2,
    maxLength: 40,
  });
  it('is the share of pairs in the right order', () => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const positive = pairs.filter(([label]) => label === 1).map(([, score]) => score);
        const negative = pairs.filter(([label]) => label === 0).map(([, score]) => score);
        if (positive.length === 0 || negative.length === 0) return;
        let wins = 0;
        for (const a of positive) for (const b of negative) wins += a > b ? 1 : a === b ? 0.5 : 0;
        const auc = rocAuc(
          pairs.map(([label]) => label),
          pairs.map(([, score]) => score),
        );
        expect(auc).toBeCloseTo(wins / (positive.length * negative.length), 12);
      }),
    );
  });
});
