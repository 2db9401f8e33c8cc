// The errors a user can meet: each is one sentence that names the place, the value and the cure.

/** The call or the command line is wrong; the program exits with code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly exitCode = 2;
}

/** The data is refused; the program exits with code 3. */
export class DataError extends Error {
  override readonly name = 'DataError';
  readonly exitCode = 3;
}

/** A model cannot be fitted to this series; the framework falls back and says so. */
export class ModelRefusal extends Error {
  override readonly name = 'ModelRefusal';
}

/** The work was cancelled by its caller; the program exits with code 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly exitCode = 130;
  constructor(message = 'interrupted; nothing half-done was kept') {
    super(message);
  }
}

/** Levenshtein distance between two short strings, used for "did you mean". */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(previous[j]! + 1, row[j - 1]! + 1, substitution));
    }
    previous = row;
  }
  return previous[b.length]!;
}

/** Letters from which a part of a name tells it. */
const LEAST_PART = 3;

/**
 * Returns the choice nearest to `word`, or undefined when none is near.
 * Case and the separators `-`, `_` and blank do not count, and a choice is near of which the word is a part.
 */
export function nearest(word: string, choices: readonly string[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replace(/[-_\s]/g, '');
  const wanted = plain(word);
  let best: string | undefined;
  let bestDistance = Math.ceil(0.4 * wanted.length) + 1;
  for (const choice of choices) {
    const whole = plain(choice);
    const isPart = wanted.length >= LEAST_PART && whole.includes(wanted);
    const distance = isPart ? Math.min(1.5, editDistance(wanted, whole)) : editDistance(wanted, whole);
    if (distance < bestDistance) {
      best = choice;
      bestDistance = distance;
    }
  }
  return best;
}

/** Choices that a list names at most. */
const MOST_LISTED = 50;

/** Returns ` Did you mean "x"?` or, when nothing is near, a list of the choices, of many the first. */
export function didYouMean(word: string, choices: readonly string[]): string {
  const near = nearest(word, choices);
  if (near !== undefined) return ` Did you mean "${near}"?`;
  const more = choices.length - MOST_LISTED;
  const listed = choices.slice(0, MOST_LISTED).join(', ');
  return ` Choose from: ${listed}${more > 0 ? ` and ${more.toLocaleString('en')} more` : ''}.`;
}

/** Throws a UsageError when `options` has a key that `known` does not list. */
export function refuseUnknownOptions(what: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) {
      throw new UsageError(`${what} has no option "${key}".${didYouMean(key, known)}`);
    }
  }
}
