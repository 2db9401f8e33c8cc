// The derivatives of a smoothing model's states beside a multiplicative trend; see sensitivity.ts.
import type { SensitivityWork } from './sensitivity.ts';

/**
 * One period of a multiplicative trend: turns the derivatives of level l and slope b into those of l bᵠ and bᵠ, and
 * keeps those of l in `before`.
 */
export function growStep(
  dLevel: Float64Array,
  dSlope: Float64Array,
  before: Float64Array,
  level: number,
  slope: number,
  growth: number,
  phi: number,
  phiAt: number,
): void {
  before.set(dLevel);
  const bySlope = (phi * growth) / slope;
  for (let j = 0; j < dSlope.length; j++) dSlope[j] = bySlope * dSlope[j]!;
  if (phiAt >= 0) dSlope[phiAt] = dSlope[phiAt]! + growth * Math.log(slope);
  for (let j = 0; j < dLevel.length; j++) dLevel[j] = growth * dLevel[j]! + level * dSlope[j]!;
}

/** What an error does to the states' derivatives beside a multiplicative trend; `kind` is that of the season. */
export function growthErrors(
  { level: dLevel, slope: dSlope, season: dSeason, rows, before }: SensitivityWork,
  base: number,
  at: number,
  kind: number,
  error: number,
  trend: number,
  s: number,
  oldLevel: number,
  alpha: number,
  beta: number,
  gamma: number,
): void {
  const byLevel = kind === 2 ? error / s : error;
  const bySeason = error / trend;
  for (let j = 0; j < dLevel.length; j++) {
    const dTrend = dLevel[j]!;
    const dS = kind === 0 ? 0 : dSeason[at + j]!;
    const dMean = kind === 2 ? s * dTrend + trend * dS : dTrend + dS;
    rows[base + j] = dMean;
    const dByLevel = kind === 2 ? -(dMean + byLevel * dS) / s : -dMean;
    dLevel[j] = dTrend + alpha * dByLevel;
    dSlope[j] = dSlope[j]! + (beta * (dByLevel - (byLevel * before[j]!) / oldLevel)) / oldLevel;
    if (kind === 1) dSeason[at + j] = dS - gamma * dMean;
    else if (kind === 2) dSeason[at + j] = dS - (gamma * (dMean + bySeason * dTrend)) / trend;
  }
}
