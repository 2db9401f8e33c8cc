import { describe, expect, it } from 'vitest';
import { logGamma, normalCdf, normalQuantile, studentCdf, studentQuantile } from '../../src/math/special.ts';

// Reference values from R 4.2: qnorm, pnorm, lgamma, qt, pt.
describe('special functions', () => {
  it('gives normal quantiles', () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
    expect(normalQuantile(0.9)).toBeCloseTo(1.2815515655446004, 14);
    expect(normalQuantile(1e-10)).toBeCloseTo(-6.361340902404056, 12);
  });
  it('gives the normal distribution function', () => {
    expect(normalCdf(1.96)).toBeCloseTo(0.9750021048517795, 14);
    expect(normalCdf(-6) / 9.865876450376946e-10).toBeCloseTo(1, 10);
  });
  it('gives log gamma', () => {
    expect(logGamma(0.5)).toBeCloseTo(0.5723649429247001, 13);
    expect(logGamma(100)).toBeCloseTo(359.1342053695754, 10);
  });
  it('gives Student quantiles', () => {
    expect(studentQuantile(0.975, 5)).toBeCloseTo(2.570581835636314, 10);
    expect(studentQuantile(0.1, 2)).toBeCloseTo(-1.885618083164127, 10);
    expect(studentCdf(1.5, 7)).toBeCloseTo(0.9113507, 6);
  });
});
