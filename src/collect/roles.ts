// Which column is the id, the time and the target: what the caller said, else the best guess by name and content.
import { DataError, didYouMean, UsageError } from '../core/errors.ts';
import { type Facts, isNumber, type TableFacts, timeRank } from './facts.ts';
import { declaredRoles, idColumns, type RowOptions } from './options.ts';
import { listed, quoted } from './table.ts';
import { DESCRIPTION, LIKELY_KNOWN, OTHER_TIME, rankOf, VOCABULARY, type Vocabulary } from './vocabulary.ts';

/** The columns of an order log that say which order, whose, and at what price. */
export interface OrderColumns {
  readonly order: string | undefined;
  readonly customer: string | undefined;
  readonly price: string | undefined;
}

export interface Roles {
  readonly time: string;
  readonly target: string;
  /** What the caller named; undefined where the id is still to be chosen among `candidates`. */
  readonly id: readonly string[] | undefined;
  /** Columns that could name the series, the likeliest first. */
  readonly candidates: readonly string[];
  /** How many of the candidates, from the first on, are the product sold. */
  readonly products: number;
  readonly orders: OrderColumns;
}

/** Throws a UsageError where a declared column is in none of the tables. */
export function refuseUnknownColumns(
  table: TableFacts,
  options: RowOptions,
  elsewhere: readonly string[] = [],
): void {
  const names = table.columns.map((facts) => facts.name);
  for (const [role, columns] of declaredRoles(options)) {
    const own = role === 'id' || role === 'time' || role === 'target';
    const known = own ? names : [...names, ...elsewhere];
    for (const column of columns) {
      if (known.includes(column)) continue;
      throw new UsageError(`${table.label} has no column "${column}" (${role}).${didYouMean(column, known)}`);
    }
  }
}

/** The best time column by name and content, or undefined. */
export function guessTime(table: TableFacts, taken: ReadonlySet<string>): string | undefined {
  let best: string | undefined;
  let bestRank = Number.POSITIVE_INFINITY;
  for (const facts of table.columns) {
    if (taken.has(facts.name)) continue;
    const rank = timeRank(table, facts);
    if (rank === undefined) continue;
    const cost = rank + (OTHER_TIME.test(facts.plain) ? 500 : 0);
    if (cost < bestRank) {
      best = facts.name;
      bestRank = cost;
    }
  }
  return best;
}

/** Whether a vocabulary's word stands in a longer name: `total_sales_eur` holds `sales`. */
function containedRank(plain: string, vocabulary: Vocabulary): number | undefined {
  const index = VOCABULARY[vocabulary].findIndex(
    (word) => word.length > 2 && `_${plain}_`.includes(`_${word}_`),
  );
  return index < 0 ? undefined : index;
}

const isNamed = (facts: Facts, ...vocabularies: Vocabulary[]): boolean =>
  vocabularies.some((vocabulary) => rankOf(facts.plain, vocabulary) !== undefined);

/** Target columns by name, the likeliest first: exact names, then names that hold one. */
export function namedTargets(
  table: TableFacts,
  taken: ReadonlySet<string>,
): { exact: string[]; held: string[] } {
  const free = table.columns.filter((facts) => !taken.has(facts.name) && facts.numbers >= 0.5);
  const ranked = (rank: (facts: Facts) => number | undefined): string[] =>
    free
      .map((facts) => ({ name: facts.name, rank: rank(facts) }))
      .filter((one): one is { name: string; rank: number } => one.rank !== undefined)
      .sort((a, b) => a.rank - b.rank)
      .map((one) => one.name);
  const exact = ranked((facts) => rankOf(facts.plain, 'target'));
  const held = ranked((facts) =>
    isNamed(facts, 'target', 'price', 'order', 'customer', 'product', 'place', 'group', 'time') ||
    LIKELY_KNOWN.test(facts.plain)
      ? undefined
      : containedRank(facts.plain, 'target'),
  );
  return { exact, held };
}

/** Cells with several numbers each, as some archives of series are written, are neither long nor wide. */
function refuseLists(table: TableFacts): void {
  for (const facts of table.columns) {
    if (facts.numbers > 0.5) continue;
    const texts = table.texts(facts.name);
    const lists = texts.filter((text) => /^[-+\d.]+([ ;,|]\s*[-+\d.]+){3,}$/.test(text.trim()));
    if (lists.length < 3 || lists.length < texts.length * 0.8) continue;
    throw new DataError(
      `${table.label}: "${facts.name}" holds several numbers a cell (${quoted(lists[0]!)}); write one number a row, or one column a period.`,
    );
  }
}

function guessTarget(table: TableFacts, taken: ReadonlySet<string>): string {
  const { exact, held } = namedTargets(table, taken);
  const named = exact[0] ?? held[0];
  if (named !== undefined) return named;
  const numeric = table.columns.filter(
    (facts) =>
      !taken.has(facts.name) &&
      isNumber(facts) &&
      !isNamed(facts, 'price', 'order', 'customer', 'product', 'place', 'group', 'time') &&
      !LIKELY_KNOWN.test(facts.plain) &&
      !facts.style.boolean,
  );
  if (numeric.length === 1) return numeric[0]!.name;
  if (numeric.length === 0) {
    throw new DataError(
      `${table.label} has no column of numbers to forecast (it has ${listed(table.columns.map((facts) => facts.name))}); name the sales column with target.`,
    );
  }
  throw new UsageError(
    `${table.label} has no column with a name such as "sales" or "quantity"; say which is the target: ${listed(
      numeric.map((facts) => facts.name),
      'or',
    )}.`,
  );
}

/** Columns that could name a series, the likeliest first; the count says how many are the product itself. */
export function idCandidates(
  table: TableFacts,
  taken: ReadonlySet<string>,
): { names: string[]; products: number } {
  const ranked: { name: string; rank: number }[] = [];
  for (const facts of table.columns) {
    if (taken.has(facts.name) || facts.filled === 0) continue;
    const integer = isNumber(facts) && facts.integer && !facts.style.boolean;
    if (isNumber(facts) && !integer) continue;
    // Numbers that are all different count the rows; a product code would come back.
    const counter = integer && facts.distinct === facts.filled && facts.filled > 1;
    const product = rankOf(facts.plain, 'product');
    if (product !== undefined && !(counter && /^(id|series|codigo|ref|codice)$/.test(facts.plain))) {
      ranked.push({ name: facts.name, rank: product });
      continue;
    }
    const place = rankOf(facts.plain, 'place');
    const group = rankOf(facts.plain, 'group');
    if (place !== undefined) ranked.push({ name: facts.name, rank: 200 + place });
    else if (group !== undefined) ranked.push({ name: facts.name, rank: 300 + group });
    else if (!integer && !isUnlikelyId(facts)) ranked.push({ name: facts.name, rank: 500 });
  }
  ranked.sort((a, b) => a.rank - b.rank);
  return {
    names: ranked.map((one) => one.name),
    products: ranked.filter((one) => one.rank < 200).length,
  };
}

function isUnlikelyId(facts: Facts): boolean {
  return (
    isNamed(facts, 'order', 'customer', 'price', 'time', 'target') ||
    DESCRIPTION.test(facts.plain) ||
    LIKELY_KNOWN.test(facts.plain) ||
    OTHER_TIME.test(facts.plain) ||
    facts.style.boolean ||
    /weekday|currency|season|status|payment|customer|email|phone|mode|snap|weather/.test(facts.plain)
  );
}

function bestNamed(
  table: TableFacts,
  vocabulary: Vocabulary,
  taken: ReadonlySet<string>,
): string | undefined {
  let best: string | undefined;
  let bestRank = Number.POSITIVE_INFINITY;
  for (const facts of table.columns) {
    const rank = taken.has(facts.name) ? undefined : rankOf(facts.plain, vocabulary);
    if (rank !== undefined && rank < bestRank) {
      best = facts.name;
      bestRank = rank;
    }
  }
  return best;
}

/** Settles time and target of a long table and lists what could be its id. */
export function assignRoles(table: TableFacts, options: RowOptions): Roles {
  const given = idColumns(options);
  const taken = new Set(declaredRoles(options).flatMap(([, columns]) => columns));
  if (options.target === undefined) refuseLists(table);
  const time = options.time ?? guessTime(table, taken);
  if (time === undefined) {
    throw new DataError(
      `${table.label} has no column of dates or steps (it has ${listed(table.columns.map((facts) => facts.name))}); add one, or name it with time (--time).`,
    );
  }
  taken.add(time);
  const target = options.target ?? guessTarget(table, taken);
  taken.add(target);
  // Shopify's order export calls the order number "Name", beside columns such as "Lineitem sku".
  const shopify = table.byName.has('Name') && /^lineitem/i.test(target) ? 'Name' : undefined;
  const orders: OrderColumns = {
    order: bestNamed(table, 'order', taken) ?? shopify,
    customer: bestNamed(table, 'customer', taken),
    price: bestNamed(table, 'price', new Set([time, target])),
  };
  const { names, products } = idCandidates(table, taken);
  return { time, target, id: given, candidates: given === undefined ? names : [], products, orders };
}

/**
 * The smallest set of candidates under which no two rows share a series and a time, trying likelier ones first;
 * undefined where not even all of them do. A product column, where there is one, is always in the set.
 */
export function chooseId(
  candidates: readonly string[],
  products: number,
  isUnique: (columns: readonly string[]) => boolean,
): readonly string[] | undefined {
  // Six candidates make 41 sets of up to three; more would cost more time than they help.
  const few = candidates.slice(0, 6);
  if (products === 0 && isUnique([])) return [];
  for (let size = 1; size <= 3; size++) {
    for (const set of subsets(few, size)) {
      if (products > 0 && !set.some((name) => candidates.indexOf(name) < products)) continue;
      if (isUnique(set)) return set;
    }
  }
  return few.length > 3 && isUnique(few) ? few : undefined;
}

/** Subsets of a size, in the order of the list. */
function subsets(names: readonly string[], size: number): string[][] {
  if (size === 0) return [[]];
  return names.flatMap((name, i) => subsets(names.slice(i + 1), size - 1).map((rest) => [name, ...rest]));
}

/** Columns that look known ahead and were not declared, as a note; undefined where there are none. */
export function suggestion(table: TableFacts, used: ReadonlySet<string>): string | undefined {
  const likely = table.columns
    .filter(
      (facts) =>
        !used.has(facts.name) && facts.filled > 0 && (LIKELY_KNOWN.test(facts.plain) || facts.style.boolean),
    )
    .map((facts) => facts.name);
  if (likely.length === 0) return undefined;
  const verb = likely.length === 1 ? 'looks like a column' : 'look like columns';
  return `${listed(likely)} ${verb} that a shop knows ahead and ${likely.length === 1 ? 'is' : 'are'} not used; declare ${likely.length === 1 ? 'it' : 'them'} as known-future (--known) to use ${likely.length === 1 ? 'it' : 'them'}.`;
}

/** The sentence that says which columns were taken for what. */
export function told(
  label: string,
  id: readonly string[],
  time: string,
  target: string,
  format: string,
): string {
  const series = id.length === 0 ? 'all rows as one series' : `${listed(id)} as the series id`;
  return `${label}: took ${series}, ${quoted(time)} (${format}) as the time and ${quoted(target)} as the target.`;
}
