// What a look at a sample says of each column: its kind, how often it varies, and whether it holds dates.
import { guessFormat } from './dates.ts';
import { guessDecimal, guessNumbers, isMissing, type NumberStyle } from './numbers.ts';
import type { Sample } from './table.ts';
import { DATE_NAME, plainName, rankOf } from './vocabulary.ts';

export interface Facts {
  readonly name: string;
  /** The name in words: lower case, `_` between. */
  readonly plain: string;
  /** How its numbers are written, were they numbers. */
  readonly style: NumberStyle;
  /** Share of the filled cells that are numbers, 0 … 1. */
  readonly numbers: number;
  readonly integer: boolean;
  /** Cells of the sample that are not missing, and how many different values they hold. */
  readonly filled: number;
  readonly distinct: number;
}

export interface TableFacts {
  readonly label: string;
  readonly rows: number;
  /** Rows looked at. */
  readonly looked: number;
  readonly columns: readonly Facts[];
  readonly byName: ReadonlyMap<string, Facts>;
  readonly decimal: '.' | ',' | undefined;
  /** Distinct texts of a column in the sample. */
  readonly texts: (name: string) => readonly string[];
}

export function studyTable(sample: Sample, decimal?: '.' | ','): TableFacts {
  const sign = decimal ?? guessDecimal(sample.cells);
  const columns = sample.names.map((name, i): Facts => {
    const cells = sample.cells[i]!;
    const { style, share, integer, filled } = guessNumbers(cells, sign);
    const distinct = new Set(cells);
    distinct.delete(null);
    return { name, plain: plainName(name), style, numbers: share, integer, filled, distinct: distinct.size };
  });
  return {
    label: sample.label,
    rows: sample.rows,
    looked: sample.cells[0]?.length ?? 0,
    columns,
    byName: new Map(columns.map((facts) => [facts.name, facts])),
    decimal: sign,
    texts: (name) => {
      const cells = sample.cells[sample.names.indexOf(name)] ?? [];
      return [...new Set(cells)].filter((cell): cell is string => cell !== null && !isMissing(cell));
    },
  };
}

/** A column of numbers; a few texts among them are faults to be told, not a reason to take it for text. */
export const isNumber = (facts: Facts): boolean => facts.filled > 0 && facts.numbers >= 0.95;

/** How well a column serves as the time: lower is better, undefined where it does not. */
export function timeRank(table: TableFacts, facts: Facts): number | undefined {
  const named = rankOf(facts.plain, 'time');
  const likely = named ?? (DATE_NAME.test(facts.plain) ? 100 : undefined);
  // A bare number is a time only under a name that says so; text that reads as a date is one anyway.
  if (facts.numbers > 0.5 && likely === undefined) return undefined;
  const choice = guessFormat(table.texts(facts.name), facts.name);
  if (choice === undefined) {
    // Every cell may be faulty; the name alone is then the best clue, and reading says what is wrong.
    return named !== undefined && named < 30 && facts.numbers < 0.5 ? 3000 + named : undefined;
  }
  const { format } = choice;
  const coarse = format.name === 'year' ? 400 : 0;
  return (likely ?? 200) + (format.stepped ? 1000 : coarse);
}
