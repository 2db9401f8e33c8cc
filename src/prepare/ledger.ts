// The ledger of preparing: counts each kind of change by cells and series, in the order they were made.
import type { Change } from './preparation.ts';

export interface Ledger {
  /** Adds to one kind of change; calls with the same words add up. Nothing is entered for 0 cells. */
  enter(what: string, cells: number, series: number): void;
  /** Adds one sentence on what was assumed or may go wrong. */
  note(sentence: string): void;
  readonly changes: readonly Change[];
  readonly notes: readonly string[];
}

export function openLedger(notes: readonly string[] = []): Ledger {
  const kept = new Map<string, Change>();
  const sentences = [...notes];
  return {
    enter(what, cells, series) {
      if (cells === 0) return;
      const before = kept.get(what);
      kept.set(what, {
        what,
        cells: cells + (before?.cells ?? 0),
        series: series + (before?.series ?? 0),
      });
    },
    note(sentence) {
      sentences.push(sentence);
    },
    get changes() {
      return [...kept.values()];
    },
    get notes() {
      return sentences;
    },
  };
}

/** `1,204 cells` or `1 cell`; a count with its noun. */
export const counted = (count: number, noun: string, plural = `${noun}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? noun : plural}`;

/** At most three names in quotes, and how many more of `total` there are: `"A", "B", "C" and 14 more`. */
export function named(names: readonly string[], total: number = names.length): string {
  const shown = names.slice(0, 3).map((name) => `"${name}"`);
  const rest = total - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest.toLocaleString('en-US')} more`;
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : (shown[0] ?? '');
}
