// What R's decompose() and thetaf() make of series that come with R.
import { golden } from './one-series.ts';

export interface ThetaGolden {
  readonly name: string;
  readonly season_length: number;
  readonly y: readonly number[];
  readonly decompositions: Readonly<
    Record<
      'additive' | 'multiplicative',
      { readonly figure: readonly number[]; readonly trend: readonly (number | null)[] }
    >
  >;
  readonly alpha: number;
  readonly drift: number;
  readonly sigma2: number;
  readonly mean: readonly number[];
  readonly upper80: readonly number[];
  readonly upper95: readonly number[];
}

export const thetaGoldens = (): readonly ThetaGolden[] => golden('theta') as ThetaGolden[];
