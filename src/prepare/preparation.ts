// What preparing did to the data: each change counted, so that a report can say it.
import type { Panel } from '../core/panel.ts';

/** One kind of change, counted: "missing cells filled with zero", 1,204 cells of 87 series. */
export interface Change {
  /** What was done, as a sentence fragment that follows the counts. */
  readonly what: string;
  readonly cells: number;
  readonly series: number;
}

/** A prepared panel with the record of how it came about. */
export interface Prepared {
  readonly panel: Panel;
  readonly changes: readonly Change[];
  /** What was assumed or may go wrong, one sentence each. */
  readonly notes: readonly string[];
}
