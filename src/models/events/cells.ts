// The observed cells of a panel as rows of a regression on what each was offered with.
import { CellState, lengthOf, type Panel } from '../../core/panel.ts';
import { kindOf } from '../../features/column-kind.ts';
import { knownReader } from '../../features/column-reader.ts';

/** Cells that are looked at, about; of more every so many series are taken. */
const CELLS = 400_000;
/** Noise that every series has, as a share of its mean, squared. */
const LEAST_NOISE = 0.01;
/** Periods after an offer in which less is sold, since people bought ahead. */
const AFTER = 7;

/** One entry a cell. */
export interface Cells {
  /** Periods that there are, and series that are looked at. */
  readonly n: number;
  /** The series of the panel that each member is. */
  readonly series: Int32Array;
  readonly period: Int32Array;
  readonly member: Int32Array;
  /** What was sold, in units of the mean of its series. */
  readonly share: Float64Array;
  /** Steady series weigh more. */
  readonly weight: Float64Array;
  /** What the cell was offered with: `width` values a cell. */
  readonly offers: Float64Array;
  readonly width: number;
}

/** One value a cell of the panel. */
type Offer = (i: number, t: number) => number;

/** Logarithms of prices, flags, and the days after them, which fade; the given columns left out. */
function offersOf(panel: Panel, without: readonly string[]): Offer[] {
  return panel.knownFuture.flatMap((column): Offer[] => {
    const kind = kindOf(column);
    if ((kind !== 'flag' && kind !== 'price') || without.includes(column.name)) return [];
    const read = knownReader(panel, column);
    if (kind === 'price') return [(i, t) => Math.log(read(i, t))];
    const after: Offer = (i, t) => {
      if (read(i, t) === 1) return 0;
      for (let back = 1; back <= AFTER; back++) if (read(i, t - back) === 1) return 1 - (back - 1) / AFTER;
      return 0;
    };
    return [read, after];
  });
}

/** The observed cells of the n periods from `first` on whose offers are all known. */
export function cellsOf(panel: Panel, without: readonly string[], first: number, n: number): Cells {
  const of = offersOf(panel, without);
  const every = Math.max(1, Math.ceil(panel.y.length / CELLS));
  const [period, member, share, weight, offers]: number[][] = [[], [], [], [], []];
  const series: number[] = [];
  for (let i = 0; i < panel.ids.length; i += every) {
    const from = panel.offsets[i]!;
    const seen = Array.from({ length: lengthOf(panel, i) }, (_, t) => t).filter(
      (t) => panel.state[from + t] === CellState.observed && of.every((own) => !Number.isNaN(own(i, t))),
    );
    const size = seen.reduce((sum, t) => sum + panel.y[from + t]!, 0) / seen.length;
    if (!(size > 0)) continue;
    const noise = seen.reduce((sum, t) => sum + (panel.y[from + t]! / size - 1) ** 2, 0) / seen.length;
    for (const t of seen) {
      period!.push(panel.start[i]! + t - first);
      member!.push(series.length);
      share!.push(panel.y[from + t]! / size);
      weight!.push(1 / (LEAST_NOISE + noise));
      for (const own of of) offers!.push(own(i, t));
    }
    series.push(i);
  }
  return {
    n,
    series: Int32Array.from(series),
    period: Int32Array.from(period!),
    member: Int32Array.from(member!),
    share: Float64Array.from(share!),
    weight: Float64Array.from(weight!),
    offers: Float64Array.from(offers!),
    width: of.length,
  };
}
