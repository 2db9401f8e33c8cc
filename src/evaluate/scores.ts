// A row of scores: one model on one segment of series, over all scored windows.

export interface ScoreRow {
  readonly model: string;
  /** "all", or the name of a segment: "intermittent". */
  readonly segment: string;
  readonly series: number;
  /** Scored cells; cells that were not observed are not scored. */
  readonly cells: number;
  /** Units of y. */
  readonly mae: number;
  /** Squared units of y. */
  readonly mse: number;
  readonly rmse: number;
  /** Σ|e| / Σ|y|, as a share. */
  readonly wape: number;
  /** Mean of 100·|e| / |y| over cells with y ≠ 0, in percent. */
  readonly mape: number;
  /** Mean of 200·|e| / (|y| + |f|) over cells, in percent. */
  readonly smape: number;
  /** Mean over series of MAE / in-sample MAE of the seasonal naive. */
  readonly mase: number;
  /** Mean over series of RMSE / in-sample RMSE of the naive. */
  readonly rmsse: number;
  /** Σ(f − y) / Σ|y|, as a share: above 0 the forecast is too high. */
  readonly bias: number;
  /** Mean pinball loss over the deciles, in units of y. */
  readonly pinball: number;
  /** Mean pinball loss over deciles, doubled and divided by mean |y|: the scaled CRPS. */
  readonly crps: number;
  /** Share of cells inside the interval, by level in percent: { 80: 0.81 }. NaN where the model has no interval. */
  readonly coverage: Readonly<Record<number, number>>;
  /** Mean interval width over mean |y|, by level in percent. */
  readonly width: Readonly<Record<number, number>>;
  /** 1 − MASE / MASE of the seasonal naive: above 0 is better than it. */
  readonly skill: number;
  /** Share of series on which the model has a lower MAE than the seasonal naive; ties count half. */
  readonly win_rate: number;
}
