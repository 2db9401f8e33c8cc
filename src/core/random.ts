// Seeded randomness: sfc32 (Doty-Humphrey, PractRand) seeded through splitmix32, with the draws we need.

/** A stream of random numbers; the same seed and key give the same stream on every machine. */
export interface Random {
  /** Uniform on [0, 1), 32 bits. */
  uniform(): number;
  /** Standard normal, by Marsaglia's polar method. */
  normal(): number;
  /** Whole number in [0, n). */
  below(n: number): number;
  /** Gamma with the given shape and scale 1 (Marsaglia and Tsang 2000). */
  gamma(shape: number): number;
  /** Poisson with mean lambda ≥ 0. */
  poisson(lambda: number): number;
  /** Negative binomial with the given mean and variance mean + mean²/size. */
  negativeBinomial(mean: number, size: number): number;
}

function mix(state: number): number {
  let z = (state + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return z ^ (z >>> 15);
}

/**
 * Opens a stream for `seed` and an optional `key` (a series index, a product name…).
 * Streams of different keys are independent, so work can be split in any way without changing results.
 */
export function random(seed: number, key: number | string = 0): Random {
  let hash = mix(seed | 0);
  const text = String(key);
  for (let i = 0; i < text.length; i++) hash = mix(hash ^ text.charCodeAt(i));
  let a = mix(hash);
  let b = mix(a ^ 0x5bd1e995);
  let c = mix(b ^ hash);
  let counter = 1;

  const bits = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) bits();
  const uniform = (): number => bits() / 4294967296;

  let spare = Number.NaN;
  const normal = (): number => {
    if (!Number.isNaN(spare)) {
      const z = spare;
      spare = Number.NaN;
      return z;
    }
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) {
        const scale = Math.sqrt((-2 * Math.log(s)) / s);
        spare = v * scale;
        return u * scale;
      }
    }
  };

  const gamma = (shape: number): number => {
    if (shape < 1) return gamma(shape + 1) * (1 - uniform()) ** (1 / shape);
    const d = shape - 1 / 3;
    const k = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal();
      const v = (1 + k * x) ** 3;
      if (v <= 0) continue;
      if (Math.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  };

  const poisson = (lambda: number): number => {
    if (!(lambda > 0)) return 0;
    // Split large means so that exp(-lambda) never underflows; sums of Poissons are Poisson.
    let rest = lambda;
    let count = 0;
    while (rest > 30) {
      const k = Math.floor(rest * 0.875);
      const x = gamma(k);
      if (x > rest) {
        // k events did not fit: the events inside are binomial(k - 1, rest / x).
        for (let i = 1; i < k; i++) if (uniform() < rest / x) count++;
        return count;
      }
      count += k;
      rest -= x;
    }
    const limit = Math.exp(-rest);
    for (let product = uniform(); product > limit; product *= uniform()) count++;
    return count;
  };

  return {
    uniform,
    normal,
    gamma,
    poisson,
    below: (n) => Math.floor(uniform() * n),
    negativeBinomial: (mean, size) => (mean > 0 ? poisson((gamma(size) * mean) / size) : 0),
  };
}
