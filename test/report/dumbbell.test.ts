import { describe, expect, it } from 'vitest';
import { dumbbell, scaleOf } from '../../src/report/dumbbell.ts';

const dots = (svg: string): [string, number][] =>
  [...svg.matchAll(/<circle class="(\w+)" cx="([\d.]+)%"/g)].map(([, name, at]) => [name!, Number(at)]);
const words = (svg: string): string => (/<text.*<\/text>/.exec(svg)?.[0] ?? '').replace(/<[^>]+>/g, '');

describe('the scale of dots', () => {
  it('goes to the largest value where all are alike', () => {
    expect(scaleOf([0.2, 0.5, 0.3, 0.4])).toEqual({ end: 0.5, isCut: false });
  });
  it('leaves out what is more than three times the median, and what is missing', () => {
    expect(scaleOf([0.2, 0.3, Number.NaN, 0.4, 0.5, 14])).toEqual({ end: 0.5, isCut: true });
  });
  it('has no length where there is nothing', () => {
    expect(scaleOf([])).toEqual({ end: 0, isCut: false });
    expect(scaleOf([Number.NaN])).toEqual({ end: 0, isCut: false });
  });
});

describe('the dots of a row', () => {
  it('stand at their values, over the whole width', () => {
    const svg = dumbbell(0.25, 0.5, scaleOf([0.25, 0.5]));
    expect(dots(svg)).toEqual([
      ['naive', 98],
      ['used', 50],
    ]);
    expect(words(svg)).toBe('');
  });
  it('stay apart where another row is off the scale', () => {
    const scale = scaleOf([0.2, 0.3, 0.25, 0.3, 9, 14]);
    const [[, naive], [, used]] = dots(dumbbell(0.2, 0.3, scale)) as [[string, number], [string, number]];
    expect(naive - used).toBeGreaterThan(10);
  });
  it('give way to a number and an arrow beyond the scale, the larger further out', () => {
    const scale = scaleOf([0.2, 0.3, 0.25, 0.3, 0.2, 9, 14]);
    const one = dumbbell(0.3, 14, scale);
    expect(dots(one).map(([name]) => name)).toEqual(['used']);
    expect(words(one)).toBe('○ 1,400% →');
    expect(one).toContain('x1="42%" x2="50%"');
    const both = dumbbell(14, 9, scale);
    expect(dots(both)).toEqual([]);
    expect(words(both)).toBe('○ 900% ● 1,400% →');
    expect(both).not.toContain('<line');
  });
  it('are left out where a value is missing or all are zero', () => {
    expect(dumbbell(Number.NaN, 1, { end: 1, isCut: false })).toBe('');
    expect(dumbbell(0, 0, scaleOf([0, 0]))).toBe('');
  });
});
