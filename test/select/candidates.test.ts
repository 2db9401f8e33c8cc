import { describe, expect, it } from 'vitest';
import { frequency } from '../../src/core/frequency.ts';
import { random } from '../../src/core/random.ts';
import { historyBeforeReported } from '../../src/evaluate/windows.ts';
import { createModel } from '../../src/models/registry.ts';
import { evaluate } from '../../src/pipeline.ts';
import { eligibility } from '../../src/select/candidates.ts';
import { panelOf, weeklySeries } from '../panels.ts';

const SEASONAL = [
  { model: 'holt-winters', options: { damped: true } },
  { model: 'holt-winters-multiplicative', options: { damped: true } },
];

describe('eligibility', () => {
  it.each([2, 4, 7, 12])('is given from the length on that models with a season of %i are fitted to', (m) => {
    const draw = random(5);
    for (let n = m + 1; n < 3 * m + 8; n++) {
      const y = Float64Array.from({ length: n }, (_, t) => 20 + (t % m) + draw.uniform());
      const asked = { segments: ['smooth'], histories: [n], season_length: m };
      const eligible = Array.from(eligibility(SEASONAL, asked, false));
      const able = SEASONAL.map((spec) => {
        const context = { freq: frequency('1'), season_length: m, seed: 1, knownFuture: [] };
        try {
          createModel(spec).fit({ y, state: new Uint8Array(n), start: 0, known: [] }, context);
          return 1;
        } catch {
          return 0;
        }
      });
      expect(eligible, `${n} values`).toEqual(able);
    }
  });

  it('asks named models nothing, and takes kinds of demand into account', () => {
    const models = [...SEASONAL, { model: 'sba' }, { model: 'naive' }];
    const asked = { segments: ['smooth', 'lumpy'], histories: [8, 100], season_length: 7 };
    expect(Array.from(eligibility(models, asked, true))).toEqual(new Array(8).fill(1));
    expect(Array.from(eligibility(models, asked, false))).toEqual([0, 0, 0, 1, 0, 0, 1, 0]);
  });

  it('counts the history before the reported window', () => {
    expect(historyBeforeReported(100, { h: 10, windows: 4, step: 5 })).toBe(90);
    expect(historyBeforeReported(10, { h: 10 })).toBe(5);
    expect(historyBeforeReported(3, { h: 2 })).toBe(3);
  });

  it('is that of most series of a segment', () => {
    const asked = (histories: number[]) => ({
      segments: histories.map((_, i) => (i < 3 ? 'smooth' : 'erratic')),
      histories,
      season_length: 7,
    });
    const marks = (histories: number[]): number[] =>
      Array.from(eligibility(SEASONAL.slice(0, 1), asked(histories), false));
    expect(marks([80, 8, 80, 80, 8])).toEqual([1, 1, 1, 1, 1]);
    expect(marks([80, 8, 8, 80, 80])).toEqual([0, 0, 0, 1, 1]);
  });

  it('keeps a model from a panel whose series it would refuse', async () => {
    const tried = async (length: number): Promise<string[]> => {
      const { errors } = await evaluate(panelOf(weeklySeries(4, length)), { h: 7 });
      const scored = errors.reported.filter(({ tallies }) => tallies.some((sum) => sum > 0));
      return scored.map(({ model }) => model).filter((model) => model.startsWith('holt-winters'));
    };
    expect(await tried(20)).toEqual([]);
    expect(await tried(21)).toEqual(['holt-winters', 'holt-winters-multiplicative']);
  });
});
