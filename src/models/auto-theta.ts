// The four Theta models of Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler (2016), averaged.
import type { Model } from './model.ts';
import { type ThetaFamilyOptions, type ThetaFamilyState, thetaFamily } from './theta-family.ts';
import type { ThetaForm } from './theta-model.ts';

const FORMS: readonly ThetaForm[] = [
  { dynamic: true, optimised: true },
  { dynamic: true, optimised: false },
  { dynamic: false, optimised: true },
  { dynamic: false, optimised: false },
];

/**
 * All four Theta models, weighted by likelihood. The one with the least squared errors, which others pick, is a worse
 * guess: the line through all of a series has seen the values it is judged on, and wins by that. Here it pays for it.
 */
export const autoTheta = (options: ThetaFamilyOptions = {}): Model<ThetaFamilyState> =>
  thetaFamily('auto-theta', FORMS, options);
