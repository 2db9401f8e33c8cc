// The dynamic standard Theta model, DSTM (Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler 2016).
import type { Model } from './model.ts';
import { type ThetaFamilyOptions, type ThetaFamilyState, thetaFamily } from './theta-family.ts';

/** Exponential smoothing plus half of a line whose slope is estimated anew each period. */
export const dynamicTheta = (options: ThetaFamilyOptions = {}): Model<ThetaFamilyState> =>
  thetaFamily('dynamic-theta', [{ dynamic: true, optimised: false }], options);
