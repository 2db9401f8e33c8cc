// The plan of a reading: which layout a table has, which columns are needed, and whether as text or as numbers.
import { UsageError } from '../core/errors.ts';
import type { Role } from '../core/observations.ts';
import { ISO_CLOCK } from './date-formats.ts';
import { type Facts, isNumber, studyTable, type TableFacts } from './facts.ts';
import { type NumberStyle, styleExample } from './numbers.ts';
import { idColumns, type RowOptions } from './options.ts';
import { looksLikeLog } from './order-log.ts';
import { assignRoles, idCandidates, type Roles, refuseUnknownColumns } from './roles.ts';
import { listed, type Sample } from './table.ts';
import { plainName } from './vocabulary.ts';
import { findWide, type WideLayout } from './wide.ts';

/**
 * How a column is wanted: text; numbers; `code`, text of which only the sameness counts; `cancelled`, order numbers
 * of which only the mark counts (1 for C536379, 0 for 536379, NaN else); `time`, ISO times as epoch milliseconds
 * (text where one of them is not).
 */
type Wanted = 'text' | 'number' | 'code' | 'cancelled' | 'time';

/** A column to be read in full. */
export interface ColumnRequest {
  readonly name: string;
  readonly as: Wanted;
  readonly style: NumberStyle;
}

/** A declared covariate. */
interface Covariate {
  readonly name: string;
  readonly role: Role;
}

export interface LongPlan {
  readonly kind: 'long';
  readonly facts: TableFacts;
  readonly roles: Roles;
  readonly covariates: readonly Covariate[];
  readonly requests: readonly ColumnRequest[];
}

export interface WidePlan {
  readonly kind: 'wide';
  readonly facts: TableFacts;
  readonly layout: WideLayout;
  /** What the caller named as id; undefined where it is still to be chosen among `candidates`. */
  readonly id: readonly string[] | undefined;
  readonly candidates: readonly string[];
  readonly products: number;
  readonly statics: readonly string[];
  readonly requests: readonly ColumnRequest[];
}

export type Plan = LongPlan | WidePlan;

const asText = (facts: Facts): ColumnRequest => ({ name: facts.name, as: 'text', style: facts.style });
const asNumber = (facts: Facts): ColumnRequest => ({ name: facts.name, as: 'number', style: facts.style });
/** Covariates are numbers where nearly all cells are, categories otherwise. */
const asFits = (facts: Facts): ColumnRequest =>
  facts.filled === 0 || isNumber(facts) ? asNumber(facts) : asText(facts);

/** Rows from which on millions of different moments are read as numbers, as a list of their texts takes gigabytes. */
const MANY_ROWS = 1_000_000;

function asTime(facts: Facts, table: TableFacts, options: RowOptions): ColumnRequest {
  const clocks = table.texts(facts.name);
  const fast =
    table.rows >= MANY_ROWS &&
    options.timeFormat === undefined &&
    options.timeZone === undefined &&
    clocks.length > table.looked / 4 &&
    clocks.every((text) => ISO_CLOCK.test(text));
  return { ...asText(facts), as: fast ? 'time' : 'text' };
}

/** `elsewhere` names the columns of joined tables, where covariates may be found too. */
export function planTable(sample: Sample, options: RowOptions, elsewhere: readonly string[] = []): Plan {
  const facts = studyTable(sample, options.decimal);
  const layout = findWide(facts, options);
  return layout === undefined ? planLong(facts, options, elsewhere) : planWide(facts, layout, options);
}

function planLong(facts: TableFacts, options: RowOptions, elsewhere: readonly string[]): LongPlan {
  refuseUnknownColumns(facts, options, elsewhere);
  const roles = assignRoles(facts, options);
  const covariates: Covariate[] = [
    ...(options.knownFuture ?? []).map((name) => ({ name, role: 'known-future' as const })),
    ...(options.pastOnly ?? []).map((name) => ({ name, role: 'past-only' as const })),
    ...(options.statics ?? []).map((name) => ({ name, role: 'static' as const })),
  ];
  const requests = new Map<string, ColumnRequest>();
  const want = (name: string | undefined, request: (facts: Facts) => ColumnRequest): void => {
    const found = name === undefined ? undefined : facts.byName.get(name);
    if (found !== undefined && !requests.has(found.name)) requests.set(found.name, request(found));
  };
  want(roles.time, (found) => asTime(found, facts, options));
  want(roles.target, asNumber);
  // A log's id is its product; in other tables up to six columns are tried.
  const log = options.transactions ?? looksLikeLog(roles.orders);
  const tried = roles.candidates.slice(0, log ? Math.min(1, roles.products) : 6);
  for (const name of roles.id ?? tried) want(name, asText);
  for (const { name } of covariates) want(name, asFits);
  const { order, customer, price } = roles.orders;
  want(order, (found) => ({ ...asText(found), as: 'cancelled' }));
  want(customer, (found) => ({ ...asText(found), as: 'code' }));
  if (price !== undefined && isNumber(facts.byName.get(price)!)) want(price, asNumber);
  return { kind: 'long', facts, roles, covariates, requests: [...requests.values()] };
}

function planWide(facts: TableFacts, layout: WideLayout, options: RowOptions): WidePlan {
  if ((options.knownFuture?.length ?? 0) + (options.pastOnly?.length ?? 0) > 0) {
    throw new UsageError(
      `${facts.label} has one column a ${layout.kind === 'periods' ? 'period' : 'series'}, which leaves no place for covariates; bring the table into long form (one row a series and period) to use them.`,
    );
  }
  const used = new Set([...layout.columns, ...(layout.kind === 'series' ? [layout.time] : [])]);
  const statics = options.statics ?? [];
  if (layout.kind === 'series') {
    if (statics.length > 0 || options.id !== undefined) {
      throw new UsageError(
        `${facts.label} has one column a series, so column names are the ids; leave id and statics out.`,
      );
    }
    const requests = [
      asText(facts.byName.get(layout.time)!),
      ...layout.columns.map((name) => asNumber(facts.byName.get(name)!)),
    ];
    return { kind: 'wide', facts, layout, id: [], candidates: [], products: 0, statics, requests };
  }
  refuseUnknownColumns(facts, { ...(options.id === undefined ? {} : { id: options.id }), statics });
  const id = idColumns(options);
  for (const name of [...(id ?? []), ...statics]) {
    if (used.has(name)) {
      throw new UsageError(
        `${facts.label}: column "${name}" is one of the periods (${listed(layout.columns)}).`,
      );
    }
  }
  const { names, products } = idCandidates(facts, new Set([...used, ...statics]));
  const requests = new Map<string, ColumnRequest>();
  for (const name of id ?? names.slice(0, 6)) requests.set(name, asText(facts.byName.get(name)!));
  for (const name of statics) requests.set(name, asFits(facts.byName.get(name)!));
  for (const name of layout.columns) requests.set(name, asNumber(facts.byName.get(name)!));
  return {
    kind: 'wide',
    facts,
    layout,
    id,
    candidates: names,
    products,
    statics,
    requests: [...requests.values()],
  };
}

/** A further file of a long table: its keys under every name they may turn out to have, and its covariates. */
export interface FurtherPlan {
  readonly facts: TableFacts;
  readonly requests: readonly ColumnRequest[];
}

export function planFurther(sample: Sample, plan: LongPlan, decimal?: '.' | ','): FurtherPlan {
  const facts = studyTable(sample, decimal);
  const keys = new Set(
    [...(plan.roles.id ?? plan.roles.candidates.slice(0, 6)), plan.roles.time].map(plainName),
  );
  const requests: ColumnRequest[] = [];
  for (const column of facts.columns) {
    if (keys.has(column.plain)) requests.push(asText(column));
    else if (plan.covariates.some(({ name }) => name === column.name)) {
      // Read as the sales table reads it, so that 1 and "1" are the same.
      const main = plan.requests.find((request) => request.name === column.name);
      requests.push(main === undefined ? asFits(column) : { ...asFits(column), as: main.as });
    }
  }
  return { facts, requests };
}

/** A note on columns whose numbers are not written plainly: `Read "Umsatz" as numbers like 1.234,5.` */
export function numberNotes({ requests }: { readonly requests: readonly ColumnRequest[] }): string[] {
  const columns = new Map<string, string[]>();
  for (const { name, as, style } of requests) {
    const example = as === 'number' ? styleExample(style) : undefined;
    if (example !== undefined) columns.set(example, [...(columns.get(example) ?? []), name]);
  }
  return [...columns].map(([example, names]) => `Read ${listed(names)} as numbers written like ${example}.`);
}
