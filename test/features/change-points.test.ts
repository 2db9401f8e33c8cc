import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/core/errors.ts';
import { random } from '../../src/core/random.ts';
import { changePoints } from '../../src/features/change-points.ts';

/** Annual flow of the Nile at Aswan, 1871 to 1970 (Cobb 1978): it fell in 1899. */
const NILE = [
  1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958,
  1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020,
  1050, 969, 831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040,
  759, 781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890,
  744, 749, 838, 1050, 918, 986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
];

/** Two changes among 300 cells, of which 5 % are missing, with noise of variance 1 that lingers by phi. */
function changed(
  seed: number,
  cost: 'mean' | 'trend',
  size: number,
  phi: number,
): { y: Float64Array; at: number[] } {
  const draw = random(seed, cost);
  const at = [60 + draw.below(40), 160 + draw.below(40)];
  let error = draw.normal();
  let value = 0;
  let slope = 0;
  const y = Float64Array.from({ length: 300 }, (_, t) => {
    error = phi * error + Math.sqrt(1 - phi * phi) * draw.normal();
    const sign = t === at[0] ? 1 : t === at[1] ? -1 : 0;
    if (cost === 'mean') value += sign * size;
    else slope = sign === 0 ? slope : (sign * size) / 20;
    value += slope;
    return draw.uniform() < 0.05 ? Number.NaN : value + error;
  });
  return { y, at };
}

function quality(cost: 'mean' | 'trend', size: number, phi: number): { recall: number; precision: number } {
  const near = cost === 'mean' ? 5 : 25;
  let hits = 0;
  let right = 0;
  let told = 0;
  for (let seed = 0; seed < 60; seed++) {
    const { y, at } = changed(seed, cost, size, phi);
    const found = changePoints(y, { cost }).at;
    hits += at.filter((t) => found.some((f) => Math.abs(f - t) <= near)).length;
    right += found.filter((f) => at.some((t) => Math.abs(f - t) <= near)).length;
    told += found.length;
  }
  return { recall: hits / 120, precision: right / told };
}

describe('change points', () => {
  it('finds the fall of the Nile in 1899', () => {
    const { at, segments } = changePoints(Float64Array.from(NILE));
    expect(at.map((t) => 1871 + t)).toEqual([1899]);
    expect(segments[0]!.level).toBeCloseTo(1097.75, 2);
    expect(segments[1]!.level).toBeCloseTo(849.97, 2);
  });

  it.each([
    ['mean', 3, 0, 0.97, 0.95],
    ['mean', 3, 0.5, 0.9, 0.9],
    ['trend', 2, 0, 0.97, 0.95],
    ['trend', 2, 0.5, 0.9, 0.9],
  ] as const)(
    'finds changes of %s of size %d, errors lingering by %d',
    (cost, size, phi, recall, precision) => {
      const found = quality(cost, size, phi);
      expect(found.recall).toBeGreaterThanOrEqual(recall);
      expect(found.precision).toBeGreaterThanOrEqual(precision);
    },
  );

  it.each([
    [0, 0.04],
    [0.5, 0.06],
    [0.8, 0.12],
  ])('raises few false alarms where errors linger by %d', (phi, most) => {
    let alarms = 0;
    for (let seed = 0; seed < 100; seed++) {
      const draw = random(seed, 'quiet');
      let error = 0;
      const y = Float64Array.from({ length: 200 }, () => {
        error = phi * error + draw.normal();
        return 1e6 + error;
      });
      if (changePoints(y).at.length > 0) alarms++;
    }
    expect(alarms / 100).toBeLessThanOrEqual(most);
  });

  it('finds the segmentation of least cost, as trying all of them does', () => {
    for (let seed = 0; seed < 20; seed++) {
      const draw = random(seed, 'all');
      const y = Float64Array.from({ length: 24 }, (_, t) => (t >= 10 && t < 17 ? 2.5 : 0) + draw.normal());
      const penalty = 8;
      const { at, noise, phi } = changePoints(y, { penalty, least: 3 });
      const scale = (noise * noise * (1 + phi)) / (1 - phi);
      const cost = (edges: readonly number[]): number => {
        const bounds = [0, ...edges, 24];
        let total = penalty * edges.length;
        for (let k = 1; k < bounds.length; k++) {
          const part = y.subarray(bounds[k - 1]!, bounds[k]!);
          const mean = part.reduce((a, b) => a + b, 0) / part.length;
          total += part.reduce((a, b) => a + (b - mean) ** 2, 0) / scale;
        }
        return total;
      };
      let least = cost([]);
      const search = (edges: number[], from: number): void => {
        for (let t = from + 3; t <= 21; t++) {
          least = Math.min(least, cost([...edges, t]));
          search([...edges, t], t);
        }
      };
      search([], 0);
      expect(cost(at)).toBeCloseTo(least, 8);
    }
  });

  it('copes with constants, gaps and next to nothing', () => {
    expect(changePoints(new Float64Array(50).fill(7)).at).toEqual([]);
    expect(changePoints(new Float64Array(0)).segments).toEqual([]);
    expect(changePoints(new Float64Array(9).fill(Number.NaN)).at).toEqual([]);
    expect(changePoints(Float64Array.of(5)).segments).toEqual([{ from: 0, to: 1, level: 5, slope: 0 }]);
    const jump = Float64Array.from({ length: 40 }, (_, t) => (t < 25 ? 1 : 4));
    expect(changePoints(jump).at).toEqual([25]);
  });

  it('refuses options that make no sense', () => {
    expect(() => changePoints(new Float64Array(9), { cost: 'median' as 'mean' })).toThrow(UsageError);
    expect(() => changePoints(new Float64Array(9), { penalty: -1 })).toThrow('penalty is -1');
    expect(() => changePoints(new Float64Array(9), { least: 1 })).toThrow('least is 1');
  });
});
