// Chooses the harmonics of each season before anything else is fitted: by a regression whose errors a moving level has whitened.

/** A start for the fit: a smoothing weight, the harmonics, and the states before the first cell. */
export interface HarmonicStart {
  readonly alpha: number;
  readonly harmonics: readonly { readonly season: number; readonly turns: number }[];
  readonly level: number;
  readonly slope: number;
  /** Two values a harmonic: along and across. */
  readonly values: Float64Array;
  readonly squares: number;
  readonly aicc: number;
}

/** Weights of the level that are tried. */
const ALPHAS: readonly number[] = [0.02, 0.1, 0.3, 0.6, 0.9];

/** Harmonics of one season at most. */
const MOST = 15;

/**
 * By how much a harmonic must lower AICc. At 0 one in seven that is not there would pass, and a long season has many;
 * at 2 it is one in twenty. On M1 and on M3's training parts 0 to 4 are alike.
 */
const DEMAND = 2;

/** All harmonics worth a try: up to half a turn a period, and none that a shorter season has already. */
function candidatesOf(periods: readonly number[], room: number): HarmonicStart['harmonics'] {
  return periods.flatMap((period, season) => {
    const most = Math.min(MOST, Math.floor(period / 2), room);
    const own = Array.from({ length: most }, (_, j) => ({ season, turns: j + 1 }));
    return own.filter(({ turns }) =>
      periods.slice(0, season).every((shorter) => {
        const ratio = (turns * shorter) / period;
        return ratio < 0.5 || Math.abs(ratio - Math.round(ratio)) > 0.02;
      }),
    );
  });
}

/** x as exponential smoothing from the level 0 sees it: its one-step errors. Cells that y does not have are 0. */
function whitened(x: Float64Array, y: Float64Array, alpha: number): Float64Array {
  const out = new Float64Array(x.length);
  let level = 0;
  for (let t = 0; t < x.length; t++) {
    if (Number.isNaN(y[t]!)) continue;
    out[t] = x[t]! - level;
    level += alpha * out[t]!;
  }
  return out;
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let t = 0; t < a.length; t++) sum += a[t]! * b[t]!;
  return sum;
};

/** A regression that grows by one column at a time, by Gram and Schmidt's method. */
function growingRegression(y: Float64Array): {
  /** Takes a column in; false where it depends on those before it. Returns by how much the squares fall. */
  readonly add: (column: Float64Array) => number;
  readonly drop: (columns: number) => void;
  readonly squares: () => number;
  readonly coefficients: () => Float64Array;
} {
  const rest = Float64Array.from(y);
  const base: (Float64Array | undefined)[] = [];
  const products: Float64Array[] = [];
  const effects: number[] = [];
  return {
    add(column) {
      const direction = Float64Array.from(column);
      const whole = Math.sqrt(dot(column, column));
      const product = new Float64Array(base.length + 1);
      base.forEach((unit, i) => {
        if (!unit) return;
        product[i] = dot(unit, direction);
        for (let t = 0; t < direction.length; t++) direction[t] = direction[t]! - product[i]! * unit[t]!;
      });
      const length = Math.sqrt(dot(direction, direction));
      products.push(product);
      if (!(length > 1e-6 * whole)) {
        base.push(undefined);
        effects.push(0);
        return 0;
      }
      for (let t = 0; t < direction.length; t++) direction[t] = direction[t]! / length;
      product[base.length] = length;
      const effect = dot(direction, rest);
      for (let t = 0; t < rest.length; t++) rest[t] = rest[t]! - effect * direction[t]!;
      base.push(direction);
      effects.push(effect);
      return effect * effect;
    },
    drop(columns) {
      for (let i = 0; i < columns; i++) {
        const unit = base.pop();
        const effect = effects.pop()!;
        products.pop();
        if (unit) for (let t = 0; t < rest.length; t++) rest[t] = rest[t]! + effect * unit[t]!;
      }
    },
    squares: () => dot(rest, rest),
    coefficients() {
      const p = base.length;
      const out = new Float64Array(p);
      for (let i = p - 1; i >= 0; i--) {
        if (!base[i]) continue;
        let sum = effects[i]!;
        for (let j = i + 1; j < p; j++) sum -= products[j]![i]! * out[j]!;
        out[i] = sum / products[i]![i]!;
      }
      return out;
    },
  };
}

/** Akaike's criterion with its correction for short series, of n values and k parameters. */
export const aiccOf = (n: number, squares: number, k: number): number =>
  n - k - 1 > 0 ? n * Math.log(squares / n) + (2 * k * n) / (n - k - 1) : Infinity;

/**
 * The start of the fit with the least AICc over a few smoothing weights. Each harmonic, from the slowest on, is kept where
 * it lowers the criterion enough by itself: errors that the level has whitened make that a test of the harmonic alone, and
 * no model is fitted for it. `observed` is how many cells are observed; `floor` the squares that are only rounding.
 */
export function chooseHarmonics(
  y: Float64Array,
  periods: readonly number[],
  observed: number,
  floor: number,
): HarmonicStart {
  const n = y.length;
  const candidates = candidatesOf(periods, Math.floor((observed - 6) / 4));
  const line = Float64Array.from({ length: n }, (_, t) => t + 1);
  const waves = candidates.map(({ season, turns }) => {
    const cosine = new Float64Array(n);
    const sine = new Float64Array(n);
    const step = turns / periods[season]!;
    for (let t = 0; t < n; t++) {
      const angle = 2 * Math.PI * (step * t - Math.floor(step * t));
      cosine[t] = Math.cos(angle);
      sine[t] = Math.sin(angle);
    }
    return [cosine, sine] as const;
  });
  let best: HarmonicStart | undefined;
  for (const alpha of ALPHAS) {
    const errors = whitened(y, y, alpha);
    const regression = growingRegression(errors);
    regression.add(whitened(new Float64Array(n).fill(1), y, alpha));
    regression.add(whitened(line, y, alpha));
    let parameters = 4;
    let squares = Math.max(regression.squares(), floor);
    let aicc = aiccOf(observed, squares, parameters);
    const kept: number[] = [];
    candidates.forEach((_, i) => {
      const [cosine, sine] = waves[i]!;
      const fall = regression.add(whitened(cosine, y, alpha)) + regression.add(whitened(sine, y, alpha));
      const left = Math.max(squares - fall, floor);
      const next = aiccOf(observed, left, parameters + 2);
      if (next < aicc - DEMAND) {
        kept.push(i);
        squares = left;
        parameters += 2;
        aicc = next;
      } else {
        regression.drop(2);
      }
    });
    if (best && !(aicc < best.aicc)) continue;
    const [level, slope, ...values] = regression.coefficients();
    best = {
      alpha,
      harmonics: kept.map((i) => candidates[i]!),
      level: level!,
      slope: slope!,
      values: Float64Array.from(values),
      squares,
      aicc,
    };
  }
  return best!;
}
