// The power transformation of Box and Cox (1964), its inverse, and the power that Guerrero (1993) takes from the data.
import { minimiseOnInterval } from './minimise.ts';
import { mean, variance } from './statistics.ts';

/** (y^λ − 1) / λ, and log y at λ = 0; y must be above 0, or 0 where λ is above 0. */
export const boxCox = (y: number, lambda: number): number =>
  lambda === 0 ? Math.log(y) : (y ** lambda - 1) / lambda;

/** The value whose transform is z; 0 below the range of the transform (λ > 0), and infinite above it (λ < 0). */
export function inverseBoxCox(z: number, lambda: number): number {
  if (lambda === 0) return Math.exp(z);
  const base = lambda * z + 1;
  if (base > 0) return base ** (1 / lambda);
  return lambda > 0 ? 0 : Infinity;
}

/**
 * The λ in [low, high] at which the spread of one season after another varies least against mean^(1 − λ), counted back from
 * the end over seasons of m periods, 2 at least; NaN is passed over. 1 where there are not more than two seasons, or they
 * do not vary at all. As R's `forecast::BoxCox.lambda`.
 */
export function guerreroLambda(y: Float64Array, m: number, low = -1, high = 2): number {
  const period = Math.max(2, m);
  if (y.length <= 2 * period) return 1;
  const seasons: { centre: number; sd: number }[] = [];
  for (let end = y.length; end >= period; end -= period) {
    const season = y.subarray(end - period, end);
    const [centre, sd] = [mean(season), Math.sqrt(variance(season))];
    if (centre > 0 && !Number.isNaN(sd)) seasons.push({ centre, sd });
  }
  if (seasons.length < 2 || seasons.every(({ sd }) => sd === 0)) return 1;
  const variation = (lambda: number): number => {
    const ratios = seasons.map(({ centre, sd }) => sd / centre ** (1 - lambda));
    return Math.sqrt(variance(ratios)) / mean(ratios);
  };
  return minimiseOnInterval(variation, low, high, { tolerance: 1e-5 }).x;
}
