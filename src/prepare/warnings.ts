// What will go wrong with a panel, and what is done about it: pairs of plain sentences, the gravest first.
import { periodName } from '../core/frequency.ts';
import type { Panel } from '../core/panel.ts';
import { counted, named } from './ledger.ts';
import type { Group, Profile } from './profile.ts';

export interface Warning {
  /** What will go wrong. */
  readonly what: string;
  /** What is done about it, or what the user can do. */
  readonly cure: string;
}

/** Cells beyond which a full backtest takes minutes rather than seconds. */
const MANY_CELLS = 2e7;

const seriesOf = ({ count, examples }: Group): string =>
  `${counted(count, 'series', 'series')} (${named(examples, count)})`;

const percent = (share: number): string =>
  `${share < 0.1 ? (100 * share).toFixed(1) : Math.round(100 * share)}%`;

/** Known-future columns with an unknown value in the first period after some series. */
function futureHoles(panel: Panel): { name: string; series: number }[] {
  const holes: { name: string; series: number }[] = [];
  for (const { name, values } of panel.knownFuture) {
    let series = 0;
    for (let i = 0; i < panel.ids.length; i++) {
      if (panel.reach === 0 || Number.isNaN(values[panel.offsets[i + 1]! + i * panel.reach]!)) series++;
    }
    if (series > 0) holes.push({ name, series });
  }
  return holes;
}

export function warningsOf(found: Omit<Profile, 'warnings'>, panel: Panel): Warning[] {
  const { freq, cells, missing, short, allZero, dead, fresh, constant, withNegatives } = found;
  const season = freq.seasons[0]!;
  const warnings: Warning[] = [];
  const warn = (what: string, cure: string): void => {
    warnings.push({ what, cure });
  };
  const holes = futureHoles(panel);
  if (holes.length > 0) {
    const worst = holes
      .map((hole) => `"${hole.name}" (${counted(hole.series, 'series', 'series')})`)
      .join(', ');
    warn(
      `The future of known-future columns is not given: ${worst}.`,
      `Add rows with an empty "${found.target}" for the periods to forecast, or a second file with --future.`,
    );
  }
  if (short.count > 0 && season > 1) {
    warn(
      `${seriesOf(short)} have fewer than two seasons of ${periodName(freq, season)}: a season cannot be learned from them.`,
      'They get models without a season, named in the output, and intervals pooled with their segment.',
    );
  } else if (short.count > 0) {
    warn(
      `${seriesOf(short)} have fewer than 4 values.`,
      'They get the simplest fallback, named in the output, and intervals pooled with their segment.',
    );
  }
  if (missing > 0.2 * cells) {
    warn(
      `${percent(missing / cells)} of all cells are missing.`,
      'Models pass over them; where no row means no sale, say --gaps zero.',
    );
  }
  if (allZero.count > 0) {
    warn(`${seriesOf(allZero)} never sold anything.`, 'They are forecast as 0.');
  }
  if (dead.count > 0) {
    warn(
      `${seriesOf(dead)} stopped selling before ${found.last}.`,
      'They are still forecast, mostly near 0; leave them out of the file if they are gone for good.',
    );
  }
  if (fresh.count > 0) {
    warn(
      `${seriesOf(fresh)} are new.`,
      'Simple models serve them until they have a history; their intervals are wide.',
    );
  }
  if (constant.count > 0) {
    warn(
      `${seriesOf(constant)} never change.`,
      'They are forecast as they are; check that the column is not a setting.',
    );
  }
  if (withNegatives.count > 0) {
    warn(
      `${counted(found.negatives, 'cell')} of ${seriesOf(withNegatives)} are negative.`,
      'They are kept as net returns, and these series may be forecast below 0; set --min 0 to forbid it.',
    );
  }
  if (found.stockOut > 0) {
    warn(
      `${counted(found.stockOut, 'cell')} are stock-outs: sales there say nothing of demand.`,
      'They are left out of fitting and scoring; the forecast is of demand with stock at hand.',
    );
  }
  const sparse = found.classes.intermittent + found.classes.lumpy;
  if (sparse > found.series / 2) {
    warn(
      `${percent(sparse / found.series)} of the series sell in few periods: MAPE and a single number say little of them.`,
      'Croston-type models are tried on them; read their intervals, or forecast at a coarser --freq.',
    );
  }
  if (cells > MANY_CELLS) {
    warn(
      `The panel is large: ${counted(cells, 'cell')}.`,
      'A backtest will take minutes; use more --threads, fewer models or fewer windows.',
    );
  }
  return warnings;
}
