// The power transformation of Box and Cox (1964), with Bickel and Doksum's (1981) sign, and its inverse.

/** (y^λ − 1) / λ, and log y at λ = 0; y must be above 0. */
export const boxCox = (y: number, lambda: number): number =>
  lambda === 0 ? Math.log(y) : (y ** lambda - 1) / lambda;

/** The value whose transform is z; 0 below the range of the transform. */
export function inverseBoxCox(z: number, lambda: number): number {
  if (lambda === 0) return Math.exp(z);
  const base = lambda * z + 1;
  return base > 0 ? base ** (1 / lambda) : 0;
}
