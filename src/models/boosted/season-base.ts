// A plain forecast for trees to start from: the season of the series and of its group, grown. Trees cannot say more than
// they have seen; a base that follows the season lets them speak of changes, which they have.
import type { FeatureTable } from '../../features/feature-table.ts';

/** Which base: plain data. */
export interface SeasonBase {
  /** The longest season in periods. */
  readonly season: number;
  /** The group whose season is mixed in, its share, and the power of the growth since the last season. */
  readonly group: string;
  readonly share: number;
  readonly power: number;
}

const SHARES = [0, 0.25, 0.5, 0.75];
const POWERS = [0, 0.5, 1];
/** Growth is believed within these bounds. */
const LEAST_GROWTH = 0.5;
const MOST_GROWTH = 2;

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

/** The base of a row in units of its level. */
function baseOf(columns: Columns, { season, group, share, power }: SeasonBase): (row: number) => number {
  const [own, shared, raw] = [
    ownName(columns, season),
    `${groupName(columns, season)}${group}`,
    growthName(season),
  ].map((name) => columns.get(name));
  return (r) => {
    const [mine, theirs, grown] = [own?.[r] ?? Number.NaN, shared?.[r] ?? Number.NaN, raw?.[r] ?? Number.NaN];
    const growth = Number.isNaN(grown) ? 1 : Math.min(MOST_GROWTH, Math.max(LEAST_GROWTH, grown));
    const mixed = Number.isNaN(mine)
      ? theirs
      : Number.isNaN(theirs)
        ? mine
        : (1 - share) * mine + share * theirs;
    return mixed * growth ** power;
  };
}

/** The base of each row in units of its level; NaN where no season is known yet. */
export function seasonBase(table: FeatureTable, base: SeasonBase): Float64Array {
  const valueAt = baseOf(columnsOf(table), base);
  return Float64Array.from(table.level, (_, r) => valueAt(r));
}

/** The base with the least absolute error over the given rows, in units of their levels. */
export function chooseBase(table: FeatureTable, season: number, rows: Uint32Array): SeasonBase {
  const columns = columnsOf(table);
  const groups = [...columns.keys()].flatMap((name) => {
    const start = groupName(columns, season);
    return name.startsWith(start) ? [name.slice(start.length)] : [];
  });
  const candidates = SHARES.flatMap((share) =>
    (share === 0 ? groups.slice(0, 1) : groups).flatMap((group) =>
      POWERS.map((power): SeasonBase => ({ season, group, share, power })),
    ),
  );
  // One row in so many is enough to tell them apart.
  const every = Math.max(1, Math.floor(rows.length / 20_000));
  let best = candidates[0]!;
  let least = Infinity;
  for (const base of candidates) {
    const valueAt = baseOf(columns, base);
    let error = 0;
    for (let k = 0; k < rows.length; k += every) {
      const r = rows[k]!;
      const off = Math.abs(table.y[r]! / table.level[r]! - valueAt(r));
      if (!Number.isNaN(off)) error += Math.min(off, 10);
    }
    if (error < least) [best, least] = [base, error];
  }
  return best;
}
