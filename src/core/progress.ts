// One stream of progress, shown as a bar, as plain lines, or as events over HTTP.

export interface Progress {
  /** The stage at work, as a short noun: "read", "backtest", "forecast". */
  readonly stage: string;
  readonly done: number;
  readonly total: number;
}

export type ProgressListener = (progress: Progress) => void;
