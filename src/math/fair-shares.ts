// What each of several causes has in what all of them do together (Shapley 1953).

/** Causes up to which every order in which they may set in is looked at; of more, one order and its reverse. */
const EXACT = 4;

function* orders(left: readonly number[]): Generator<readonly number[]> {
  if (left.length === 0) yield [];
  for (const first of left) {
    for (const rest of orders(left.filter((other) => other !== first))) yield [first, ...rest];
  }
}

export type Outcome = (acting: readonly boolean[]) => Float64Array;

/**
 * Divides what `count` causes add among them: the mean of what each adds to those before it. `outcome` gives the values where
 * the marked causes act and the others do not. The shares add up to outcome(all) − outcome(none), value by value.
 */
export function fairShares(count: number, outcome: Outcome): Float64Array[] {
  const known = new Map<string, Float64Array>();
  const of = (acting: readonly boolean[]): Float64Array => {
    const key = acting.join();
    const own = known.get(key) ?? outcome(acting);
    known.set(key, own);
    return own;
  };
  const causes = Array.from({ length: count }, (_, k) => k);
  const tried = count <= EXACT ? [...orders(causes)] : [causes, causes.toReversed()];
  const none = of(causes.map(() => false));
  const shares = causes.map(() => new Float64Array(none.length));
  for (const order of tried) {
    const acting = causes.map(() => false);
    let before = none;
    for (const cause of order) {
      acting[cause] = true;
      const after = of(acting);
      const share = shares[cause]!;
      for (let s = 0; s < share.length; s++) share[s]! += (after[s]! - before[s]!) / tried.length;
      before = after;
    }
  }
  return shares;
}

/** The same where outcomes are found all at once: those of all sets of acting causes that are looked at, in their order. */
export async function fairSharesAtOnce(
  count: number,
  outcomesOf: (sets: readonly (readonly boolean[])[]) => Promise<readonly Float64Array[]>,
): Promise<Float64Array[]> {
  const sets: boolean[][] = [];
  fairShares(count, (acting) => {
    sets.push([...acting]);
    return new Float64Array(0);
  });
  const outcomes = await outcomesOf(sets);
  let next = 0;
  return fairShares(count, () => outcomes[next++]!);
}
