// One stream of progress, shown as a bar, as plain lines, or as events over HTTP.

export interface Progress {
  /** The stage at work, as a short noun: "read", "backtest", "forecast". */
  readonly stage: string;
  /** What is counted, in the plural; series where nothing is said. */
  readonly unit?: string;
  readonly done: number;
  readonly total: number;
  /** What there is to say of it at this moment, such as "loss 0.18 (was 0.41)". */
  readonly note?: string;
}

export type ProgressListener = (progress: Progress) => void;
