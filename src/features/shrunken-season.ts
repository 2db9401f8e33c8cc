// A season shrunk towards none where it may be noise: James and Stein (1961), for seasons Miller and Williams (2003).
import { decompose, type SeasonalKind } from './decomposition.ts';

/** A fixed season: a difference or a factor a phase, phase 0 being the first cell of the series. */
export interface Season {
  readonly kind: SeasonalKind;
  readonly figure: Float64Array;
}

// Both were chosen on the M1 competition and on the last horizon of M3's training parts, and are flat around.
const SHRINKAGE = 1.5;
/** The weight of the oldest cell against 1 for the newest, because seasons change slowly. */
const OLDEST = 0.2;

interface Candidate extends Season {
  /** Sum of squared errors of trend and unshrunk season, in units of y². */
  readonly errors: number;
}

/** The shrunk season of one kind. */
function candidate(y: Float64Array, m: number, kind: SeasonalKind): Candidate {
  const n = y.length;
  const { trend } = decompose(y, m, kind);
  const additive = kind === 'additive';
  const neutral = additive ? 0 : 1;
  const detrended = y.map((value, t) => (additive ? value - trend[t]! : value / trend[t]!));

  // Weighted means by phase, with Σw² for the effective number of cells behind each.
  const figure = new Float64Array(m);
  const weights = new Float64Array(m);
  const squares = new Float64Array(m);
  let cells = 0;
  for (let t = 0; t < n; t++) {
    const value = detrended[t]!;
    if (!Number.isFinite(value)) continue;
    const w = OLDEST ** ((n - 1 - t) / n);
    figure[t % m] = figure[t % m]! + w * value;
    weights[t % m] = weights[t % m]! + w;
    squares[t % m] = squares[t % m]! + w * w;
    cells++;
  }
  let total = 0;
  let phases = 0;
  let inverse = 0;
  for (let i = 0; i < m; i++) {
    if (weights[i] === 0) continue;
    figure[i] = figure[i]! / weights[i]!;
    total += figure[i]!;
    inverse += squares[i]! / weights[i]! ** 2;
    phases++;
  }
  const centre = total / phases;

  let noise = 0;
  for (let t = 0; t < n; t++) {
    if (Number.isFinite(detrended[t]!)) noise += (detrended[t]! - figure[t % m]!) ** 2;
  }
  let signal = 0;
  for (let i = 0; i < m; i++) if (weights[i]! > 0) signal += (figure[i]! - centre) ** 2;
  // With one cell a phase nothing tells season from noise, and none is kept.
  const variance = cells > phases ? (noise / (cells - phases)) * (inverse / phases) : Infinity;
  const kept = signal > 0 ? Math.max(0, 1 - (SHRINKAGE * variance * (phases - 1)) / signal) : 0;

  let errors = 0;
  for (let t = 0; t < n; t++) {
    const error = additive
      ? detrended[t]! - figure[t % m]! + centre
      : y[t]! - (trend[t]! * figure[t % m]!) / centre;
    if (Number.isFinite(error)) errors += error * error;
  }
  for (let i = 0; i < m; i++) {
    const full = additive ? figure[i]! - centre : figure[i]! / centre - 1;
    figure[i] = weights[i]! > 0 ? neutral + kept * full : neutral;
  }
  return { kind, figure, errors };
}

/**
 * The season of m periods, shrunk towards none by its noise over its signal, so that no test is needed: a season that
 * differs between phases no more than its own noise vanishes, and undefined is returned. Recent seasons count more
 * than old ones. Missing cells (NaN) are passed over.
 * Without `kind` the better fitting one is taken; multiplicative needs positive values.
 * Below two full seasons and one cell there is no season to be told.
 */
export function shrunkenSeason(y: Float64Array, m: number, kind?: SeasonalKind): Season | undefined {
  if (m < 2 || y.length <= 2 * m) return undefined;
  const positive = y.every((value) => !(value <= 0));
  let best: Candidate | undefined;
  for (const each of ['multiplicative', 'additive'] as const) {
    if (kind !== undefined && kind !== each) continue;
    if (each === 'multiplicative' && !positive) continue;
    const found = candidate(y, m, each);
    // A factor near 0 would blow the deseasonalised series up.
    if (each === 'multiplicative' && found.figure.some((factor) => factor < 0.01)) continue;
    if (!best || found.errors < best.errors) best = found;
  }
  const neutral = best?.kind === 'additive' ? 0 : 1;
  return best?.figure.some((value) => value !== neutral)
    ? { kind: best.kind, figure: best.figure }
    : undefined;
}
