// The shape of a seasonal ARIMA model: how many parameters of each kind it has, and its name.

/** ARIMA(p, d, q)(P, D, Q) with seasons of m periods. */
export interface Order {
  readonly p: number;
  readonly d: number;
  readonly q: number;
  readonly P: number;
  readonly D: number;
  readonly Q: number;
  /** Periods in a season; 1 where P, D and Q are 0. */
  readonly m: number;
  /** Whether the differenced series has a mean of its own: a mean where d + D is 0, a drift where it is 1. */
  readonly constant: boolean;
}

/** How many autoregressive and moving-average parameters are estimated. */
export const parameterCount = ({ p, q, P, Q }: Order): number => p + q + P + Q;

/** How many values differencing takes from the start of the series. */
export const lostCount = ({ d, D, m }: Order): number => d + D * m;

/** How many differenced values a conditional sum of squares takes as given: the reach of the autoregression. */
export const givenCount = ({ p, P, m }: Order): number => p + P * m;

/** `ARIMA(1,1,1)(0,1,1)[12] with drift`, as R writes it. */
export function orderName({ p, d, q, P, D, Q, m, constant }: Order): string {
  const season = P + D + Q > 0 ? `(${P},${D},${Q})[${m}]` : '';
  const extra = constant ? (d + D === 0 ? ' with non-zero mean' : ' with drift') : '';
  return `ARIMA(${p},${d},${q})${season}${extra}`;
}
