// The report: one self-contained HTML page about one forecast, to be read by people who did not make it.
import { refuseUnknownOptions } from '../core/errors.ts';
import type { Panel } from '../core/panel.ts';
import type { ScoreRow } from '../evaluate/scores.ts';
import type { ForecastTable } from '../forecast/forecast-table.ts';
import type { TotalRanges } from '../forecast/total-ranges.ts';
import type { Change } from '../prepare/preparation.ts';
import { aboutSection } from './about.ts';
import { detailSection } from './details.ts';
import { headlineSection } from './headline.ts';
import type { Learning } from './learning.ts';
import { page, type Section } from './page.ts';
import { qualitySection } from './quality.ts';
import { readingSection } from './reading.ts';
import { seriesSection } from './series-list.ts';
import { summarise } from './totals.ts';
import { treatmentSection } from './treatment.ts';

/** The reported window: what was forecast for periods whose sales were held back. */
export interface ReportBacktest {
  /** Periods in the window. */
  readonly h: number;
  /** Cells held back at the end of a series, the window being the first h of them; one number or one a series. */
  readonly hidden: number | ArrayLike<number>;
  /** Series-major, h a series; NaN where nothing was forecast. */
  readonly mean: Float64Array;
  /** Bounds of the 80 % interval, shaped like `mean`. */
  readonly lo80?: Float64Array;
  readonly hi80?: Float64Array;
}

export interface Report {
  /** "sales.csv: 28 days ahead" */
  readonly title: string;
  /** What is forecast, as the user's file calls it: "units". */
  readonly target: string;
  /** The history. */
  readonly panel: Panel;
  readonly forecast: ForecastTable;
  /** Intervals of each series' sum over the horizon. */
  readonly totals: TotalRanges;
  /** For the segment "all" and each other one: each candidate, "auto" (what is used) and "seasonal-naive". */
  readonly scores: readonly ScoreRow[];
  readonly backtest?: ReportBacktest;
  readonly changes: readonly Change[];
  /** What was assumed, one sentence each. */
  readonly notes: readonly string[];
  /** What was chosen for each segment. */
  readonly selection: readonly {
    readonly segment: string;
    readonly series: number;
    readonly blend: string;
  }[];
  /** How networks in the blend were trained; defaults to none. */
  readonly learning?: readonly Learning[];
  /** The segment of each series. */
  readonly segments: readonly string[];
  /** Version, seed, run, command, fingerprint of the data, time of making. */
  readonly about: readonly { readonly label: string; readonly value: string }[];
  /** Periods in one season, for words such as "repeating last week"; defaults to the frequency's usual one. */
  readonly season_length?: number;
  /** How many held-back windows the scores cover; defaults to 1, the reported one. */
  readonly windows?: number;
}

export interface ReportOptions {
  /** Series that get a chart of their own, the largest first; defaults to 12. */
  readonly details?: number;
  /** Most rows in the list of series; defaults to 1000. */
  readonly rows?: number;
}

/**
 * Renders the page: one HTML document that loads nothing, reads without scripts, prints, and follows the
 * reader's light or dark setting. The same report gives the same bytes. Its size stays under 3 MB however
 * many series there are: the list is cut, and says so.
 */
export function renderReport(report: Report, options: ReportOptions = {}): string {
  refuseUnknownOptions('the report', options, ['details', 'rows']);
  const { details = 12, rows = 1000 } = options;
  const summary = summarise(report);
  const charted = summary.order.slice(0, summary.order.length === 1 ? 0 : details);
  const sections: readonly (Section | undefined)[] = [
    headlineSection(report, summary),
    qualitySection(report),
    seriesSection(report, summary, charted, rows),
    detailSection(report, summary, charted),
    treatmentSection(report),
    readingSection(report),
    aboutSection(report),
  ];
  return page(
    report,
    sections.filter((section) => section !== undefined),
  );
}
