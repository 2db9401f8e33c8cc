// The dynamic optimised Theta model, DOTM (Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler 2016).
import type { Model } from './model.ts';
import { type ThetaFamilyOptions, type ThetaFamilyState, thetaFamily } from './theta-family.ts';

/** Exponential smoothing plus a share, found by least squares, of a line whose slope is estimated anew each period. */
export const dynamicOptimisedTheta = (options: ThetaFamilyOptions = {}): Model<ThetaFamilyState> =>
  thetaFamily('dynamic-optimised-theta', [{ dynamic: true, optimised: true }], options);
