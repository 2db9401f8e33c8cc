// How the one-step errors of a smoothing model change with its weights and start: the filter, differentiated.
// The derivatives run forward beside the states, so one pass gives Jᵀr and JᵀJ for Gauss-Newton steps.

import type { SmoothingStates } from './filter.ts';
import { isGrowing, type SmoothingForm, type SmoothingWeights } from './form.ts';
import { growStep, growthErrors } from './growth-sensitivity.ts';

/**
 * How weights and start states depend on k parameters. Parameter 0 is alpha itself; beta and gamma each depend on
 * alpha and on one parameter of their own, phi on its own alone. An index is −1 where the form lacks the weight.
 */
export interface Tangents {
  readonly size: number;
  readonly betaAt: number;
  readonly gammaAt: number;
  readonly phiAt: number;
  betaByAlpha: number;
  betaByOwn: number;
  gammaByAlpha: number;
  gammaByOwn: number;
  readonly level: Float64Array;
  readonly slope: Float64Array;
  /** Phase-major: that of phase p by parameter j is at p · size + j. */
  readonly season: Float64Array;
}

/** Scratch space of `sensitivity` for k parameters and seasons of m. */
export interface SensitivityWork {
  readonly level: Float64Array;
  readonly slope: Float64Array;
  readonly season: Float64Array;
  readonly states: Float64Array;
  /** Derivatives of the errors of up to four cells, cell-major. */
  readonly rows: Float64Array;
  readonly logs: Float64Array;
  /** Derivatives of the level before the cell, which a multiplicative trend divides by. */
  readonly before: Float64Array;
}

export const newSensitivityWork = (k: number, m: number): SensitivityWork => ({
  level: new Float64Array(k),
  slope: new Float64Array(k),
  season: new Float64Array(k * m),
  states: new Float64Array(m),
  rows: new Float64Array(4 * k),
  logs: new Float64Array(k),
  before: new Float64Array(k),
});

/**
 * Adds four rows r to the lower triangle: N += Σ r rᵀ. Four at once, to load each cell of N a quarter as often, and two
 * rows of N at once, to load each r half as often. The upper triangle's neighbours of the diagonal are scratch.
 */
function addRows(normal: Float64Array, rows: Float64Array, k: number): void {
  const k2 = 2 * k;
  const k3 = 3 * k;
  let i = 0;
  for (; i + 1 < k; i += 2) {
    const a = rows[i]!;
    const b = rows[k + i]!;
    const c = rows[k2 + i]!;
    const d = rows[k3 + i]!;
    const e = rows[i + 1]!;
    const f = rows[k + i + 1]!;
    const g = rows[k2 + i + 1]!;
    const h = rows[k3 + i + 1]!;
    const base = i * k;
    const next = base + k;
    for (let j = 0; j <= i + 1; j++) {
      const p = rows[j]!;
      const q = rows[k + j]!;
      const r = rows[k2 + j]!;
      const s = rows[k3 + j]!;
      normal[base + j] = normal[base + j]! + a * p + b * q + c * r + d * s;
      normal[next + j] = normal[next + j]! + e * p + f * q + g * r + h * s;
    }
  }
  if (i < k) {
    const a = rows[i]!;
    const b = rows[k + i]!;
    const c = rows[k2 + i]!;
    const d = rows[k3 + i]!;
    const base = i * k;
    for (let j = 0; j <= i; j++) {
      normal[base + j] =
        normal[base + j]! + a * rows[j]! + b * rows[k + j]! + c * rows[k2 + j]! + d * rows[k3 + j]!;
    }
  }
}

/**
 * Fills the gradient Jᵀr and the lower triangle of JᵀJ of the residuals r whose squares sum to what `filter` returns,
 * and returns that sum: r = e, or r = (e/μ) · exp(mean log μ) where the error is multiplicative.
 * The start must be one that `filter` allows.
 */
export function sensitivity(
  y: Float64Array,
  form: SmoothingForm,
  { alpha, beta, gamma, phi }: SmoothingWeights,
  start: SmoothingStates,
  tangents: Tangents,
  work: SensitivityWork,
  gradient: Float64Array,
  normal: Float64Array,
): number {
  const k = tangents.size;
  const relative = form.error === 'multiplicative';
  const growing = isGrowing(form);
  const kind = form.season === 'none' ? 0 : form.season === 'additive' ? 1 : 2;
  const { level: dLevel, slope: dSlope, season: dSeason, states: season, rows, logs, before } = work;
  const { betaAt, gammaAt, phiAt, betaByAlpha, betaByOwn, gammaByAlpha, gammaByOwn } = tangents;
  dLevel.set(tangents.level);
  dSlope.set(tangents.slope);
  dSeason.set(tangents.season);
  season.set(start.season);
  gradient.fill(0);
  normal.fill(0);
  logs.fill(0);
  const m = season.length;
  let { level, slope } = start;
  let phase = 0;
  let row = 0;
  let observed = 0;
  let squares = 0;
  let logSum = 0;
  // Logarithms are dear: means are multiplied up and logged only when the product leaves a safe range.
  let product = 1;
  for (let t = 0; t < y.length; t++) {
    const oldSlope = slope;
    const oldLevel = level;
    const growth = growing ? (phi === 1 ? slope : slope ** phi) : phi * slope;
    const trend = growing ? level * growth : level + growth;
    const s = kind === 0 ? 0 : season[phase]!;
    const mean = kind === 0 ? trend : kind === 1 ? trend + s : trend * s;
    const value = y[t]!;
    const at = phase * k;
    // Only phi of an additive trend is left to the end of the step: its derivative is the old slope itself.
    if (growing) growStep(dLevel, dSlope, before, level, slope, growth, phi, phiAt);
    else if (phiAt >= 0) dLevel[phiAt] = dLevel[phiAt]! + oldSlope;

    if (Number.isNaN(value)) {
      if (!growing) {
        for (let j = 0; j < k; j++) {
          dSlope[j] = phi * dSlope[j]!;
          dLevel[j] = dLevel[j]! + dSlope[j]!;
        }
      }
      level = trend;
      slope = growth;
    } else {
      const error = value - mean;
      const base = row * k;
      if (growing) {
        growthErrors(work, base, at, kind, error, trend, s, oldLevel, alpha, beta, gamma);
      } else if (kind === 0) {
        for (let j = 0; j < k; j++) {
          const dGrowth = phi * dSlope[j]!;
          const dMean = dLevel[j]! + dGrowth;
          rows[base + j] = dMean;
          dLevel[j] = (1 - alpha) * dMean;
          dSlope[j] = dGrowth - beta * dMean;
        }
      } else if (kind === 1) {
        for (let j = 0; j < k; j++) {
          const dGrowth = phi * dSlope[j]!;
          const dTrend = dLevel[j]! + dGrowth;
          const dMean = dTrend + dSeason[at + j]!;
          rows[base + j] = dMean;
          dLevel[j] = dTrend - alpha * dMean;
          dSlope[j] = dGrowth - beta * dMean;
          dSeason[at + j] = dSeason[at + j]! - gamma * dMean;
        }
      } else {
        // The level moves by error / season and the season by error / trend; both are differentiated as quotients.
        const byLevel = error / s;
        const bySeason = error / trend;
        for (let j = 0; j < k; j++) {
          const dGrowth = phi * dSlope[j]!;
          const dTrend = dLevel[j]! + dGrowth;
          const dS = dSeason[at + j]!;
          const dMean = s * dTrend + trend * dS;
          rows[base + j] = dMean;
          const dByLevel = (dMean + byLevel * dS) / s;
          dLevel[j] = dTrend - alpha * dByLevel;
          dSlope[j] = dGrowth - beta * dByLevel;
          dSeason[at + j] = dS - (gamma * (dMean + bySeason * dTrend)) / trend;
        }
      }
      const byLevel = kind === 2 ? error / s : error;
      const bySeason = kind === 2 ? error / trend : error;
      dLevel[0] = dLevel[0]! + byLevel;
      if (betaAt >= 0) {
        const bySlope = growing ? byLevel / oldLevel : byLevel;
        dSlope[0] = dSlope[0]! + bySlope * betaByAlpha;
        dSlope[betaAt] = dSlope[betaAt]! + bySlope * betaByOwn;
      }
      if (gammaAt >= 0) {
        dSeason[at] = dSeason[at]! + bySeason * gammaByAlpha;
        dSeason[at + gammaAt] = dSeason[at + gammaAt]! + bySeason * gammaByOwn;
      }
      level = trend + alpha * byLevel;
      slope = growth + beta * (growing ? byLevel / oldLevel : byLevel);
      if (kind !== 0) season[phase] = s + gamma * bySeason;

      observed++;
      if (relative) {
        const residual = error / mean;
        const slopeOfResidual = value / (mean * mean);
        squares += residual * residual;
        product *= mean;
        if (product > 1e100 || product < 1e-100) {
          logSum += Math.log(product);
          product = 1;
        }
        for (let j = 0; j < k; j++) {
          const dMean = rows[base + j]!;
          logs[j] = logs[j]! + dMean / mean;
          rows[base + j] = -slopeOfResidual * dMean;
          gradient[j] = gradient[j]! - residual * slopeOfResidual * dMean;
        }
      } else {
        squares += error * error;
        for (let j = 0; j < k; j++) gradient[j] = gradient[j]! - error * rows[base + j]!;
      }
      if (++row === 4) {
        addRows(normal, rows, k);
        row = 0;
      }
    }
    if (phiAt >= 0 && !growing) dSlope[phiAt] = dSlope[phiAt]! + oldSlope;
    if (++phase >= m) phase = 0;
  }
  if (row > 0) {
    rows.fill(0, row * k);
    addRows(normal, rows, k);
  }
  if (!relative || observed === 0) return squares;

  // r = G ε with G = exp(mean log μ): dr = G (dε + ε a), a = mean of dμ / μ. The sums follow without a second pass.
  const scale = Math.exp((2 * (logSum + Math.log(product))) / observed);
  for (let j = 0; j < k; j++) logs[j] = logs[j]! / observed;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j <= i; j++) {
      const cross = gradient[i]! * logs[j]! + gradient[j]! * logs[i]! + squares * logs[i]! * logs[j]!;
      normal[i * k + j] = scale * (normal[i * k + j]! + cross);
    }
  }
  for (let j = 0; j < k; j++) gradient[j] = scale * (gradient[j]! + squares * logs[j]!);
  return scale * squares;
}
