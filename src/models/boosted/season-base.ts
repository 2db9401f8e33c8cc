// A plain forecast for trees to start from: the season of the series and of its group, grown. Trees cannot say more than
// they have seen; a base that follows the season lets them speak of changes, which they have.
import type { FeatureTable } from '../../features/feature-table.ts';
import { figuredIn, figureName, LIFT, turnName, type Width } from '../../features/figure-features.ts';

/** Which base: plain data. */
export interface SeasonBase {
  /** The longest season in periods. */
  readonly season: number;
  /** The short season whose figure is the base, times the turn of the longest; absent where the longest is told cell by cell. */
  readonly figure?: { readonly short: number; readonly turn: Width };
  /** What is told cell by cell, heard as much where events are felt: what they do to a series is on a few days alone. */
  readonly events?: SeasonBase;
  /** The group whose season is mixed in, its share, and the power of the growth since the last season, or of the turn. */
  readonly group: string;
  readonly share: number;
  readonly power: number;
}

const SHARES = [0, 0.25, 0.5, 0.75];
const POWERS = [0, 0.5, 1];
/** Two noisy years tell a turn; some of it is believed. */
const TURN_POWERS = [0, 0.25, 0.5, 0.75];
/** Growth is believed within these bounds, and a turn, which may lead to Christmas, within wider ones. */
const LEAST_GROWTH = 0.5;
const MOST_GROWTH = 2;
const MOST_TURN = 20;

type Columns = ReadonlyMap<string, Float32Array | Float64Array>;

const columnsOf = ({ features }: FeatureTable): Columns =>
  new Map(features.map(({ name, values }) => [name, values]));

/** The growth feature that the base uses: over a third of a season. */
const growthName = (m: number): string => `growth over ${m} by ${Math.max(1, Math.round(m / 3))}`;

/** Long seasons have a mean over the cycles seen; short ones the mean of the last eight of the phase, or the last of the group. */
const hasMean = (columns: Columns, m: number): boolean => columns.has(`mean season ${m}`);
const ownName = (columns: Columns, m: number): string =>
  hasMean(columns, m) ? `mean season ${m}` : `season ${m}, mean of 8`;
const groupName = (columns: Columns, m: number): string =>
  hasMean(columns, m) ? `mean season ${m} of ` : `season ${m} of `;

/** Events that do more, as a logarithm, are felt. */
const FELT = 0.05;

/** The base of a row in units of its level. */
function baseOf(
  columns: Columns,
  { season, figure, events, group, share, power }: SeasonBase,
): (row: number) => number {
  const [own, shared, raw] = (
    figure === undefined
      ? [ownName(columns, season), `${groupName(columns, season)}${group}`, growthName(season)]
      : [figureName(figure.short), `${figureName(figure.short)} of ${group}`, turnName(season, figure.turn)]
  ).map((name) => columns.get(name));
  const [least, most] = figure ? [1 / MOST_TURN, MOST_TURN] : [LEAST_GROWTH, MOST_GROWTH];
  const lift = columns.get(LIFT);
  const near = events && baseOf(columns, events);
  return (r) => {
    const special = near && Math.abs(lift?.[r] ?? 0) > FELT ? near(r) : Number.NaN;
    const [mine, theirs, grown] = [own?.[r] ?? Number.NaN, shared?.[r] ?? Number.NaN, raw?.[r] ?? Number.NaN];
    const growth = Number.isNaN(grown) ? 1 : Math.min(most, Math.max(least, grown));
    const mixed = Number.isNaN(mine)
      ? theirs
      : Number.isNaN(theirs)
        ? mine
        : (1 - share) * mine + share * theirs;
    const usual = mixed * growth ** power;
    return Number.isNaN(special) ? usual : (usual + special) / 2;
  };
}

/** The base of each row in units of its level; NaN where no season is known yet. */
export function seasonBase(table: FeatureTable, base: SeasonBase): Float64Array {
  const valueAt = baseOf(columnsOf(table), base);
  return Float64Array.from(table.level, (_, r) => valueAt(r));
}

/** The longest season's own cell, without which the season told cell by cell is not known. */
const cellName = (m: number): string => `season ${m}, 1 ago`;

/** Whether what the base of a row is made of is known. */
export function knownBase(table: FeatureTable, { season, figure }: SeasonBase): (row: number) => boolean {
  const own = columnsOf(table).get(figure === undefined ? cellName(season) : figureName(figure.short))!;
  return (r) => !Number.isNaN(own[r]!);
}

interface Judged {
  readonly base: SeasonBase;
  readonly error: number;
}

/** The base with the least absolute error over some rows, in units of their levels, when multiplied by the best of the scales. */
function best(
  table: FeatureTable,
  columns: Columns,
  candidates: readonly SeasonBase[],
  rows: Uint32Array,
  scales: readonly number[],
): Judged {
  let found: Judged = { base: candidates[0]!, error: Infinity };
  for (const base of candidates) {
    const valueAt = baseOf(columns, base);
    const errors = new Float64Array(scales.length);
    for (const r of rows) {
      const [y, own] = [table.y[r]! / table.level[r]!, valueAt(r)];
      if (Number.isNaN(y - own)) continue;
      for (const [k, scale] of scales.entries()) errors[k]! += Math.min(Math.abs(y - scale * own), 10);
    }
    const error = Math.min(...errors);
    if (error < found.error) found = { base, error };
  }
  return found;
}

/** Medians of sales are below their mean: bases compare by how they move, and not by how low they are. */
const SCALES = [0.7, 0.8, 0.9, 1];
/** What a base of few cells must gain over one of many, which has less noise for trees to undo. */
const GAIN = 0.01;

/**
 * The base with the least error over the given rows. Where the table has a figure, that is the base, times a wide turn, unless less
 * is told by more than noise.
 */
export function chooseBase(table: FeatureTable, season: number, rows: Uint32Array): SeasonBase {
  const columns = columnsOf(table);
  const groups = [...columns.keys()].flatMap((name) => {
    const start = groupName(columns, season);
    return name.startsWith(start) ? [name.slice(start.length)] : [];
  });
  const mixed = (powers: readonly number[], figure?: SeasonBase['figure']): SeasonBase[] =>
    SHARES.flatMap((share) =>
      (share === 0 ? groups.slice(0, 1) : groups).flatMap((group) =>
        powers.map((power): SeasonBase => ({ season, ...(figure ? { figure } : {}), group, share, power })),
      ),
    );
  const cells = mixed(POWERS);
  // Bases compare where all are known; one row in so many is enough to tell them apart.
  const known = rows.filter(knownBase(table, cells[0]!));
  const every = Math.max(1, Math.floor(known.length / 20_000));
  const seen = known.filter((_, k) => k % every === 0);
  const short = figuredIn(columns.keys());
  if (short === undefined) return best(table, columns, cells, seen, [1]).base;
  const powers = columns.has(turnName(season, 'wide')) ? TURN_POWERS : [0];
  const figured = (turn: Width): Judged => best(table, columns, mixed(powers, { short, turn }), seen, SCALES);
  const [wide, narrow, plain] = [
    figured('wide'),
    figured('narrow'),
    best(table, columns, cells, seen, SCALES),
  ];
  const noisy = plain.error < narrow.error ? plain : narrow;
  const { base } = noisy.error < (1 - GAIN) * wide.error ? noisy : wide;
  const lift = columns.get(LIFT)!;
  const felt = seen.filter((r) => Math.abs(lift[r]!) > FELT);
  return base.figure && felt.length > 0
    ? { ...base, events: best(table, columns, cells, felt, SCALES).base }
    : base;
}
