// The optimised Theta model, OTM (Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler 2016).
import type { Model } from './model.ts';
import { type ThetaFamilyOptions, type ThetaFamilyState, thetaFamily } from './theta-family.ts';

/** Exponential smoothing plus a share, found by least squares, of the one line through all of the series. */
export const optimisedTheta = (options: ThetaFamilyOptions = {}): Model<ThetaFamilyState> =>
  thetaFamily('optimised-theta', [{ dynamic: false, optimised: true }], options);
