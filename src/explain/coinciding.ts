// Columns that always moved together: what one of them did alone, nobody can know.
import type { Effect } from '../models/global-model.ts';

/** Of the periods in which any of them changed, the share in which all did. */
const TOGETHER = 0.95;
/** Between the names of columns that are told together. */
export const AND = ', ';

/** The cells at which a column is other than at the cell before. */
function changesOf(values: Float64Array): Set<number> {
  const changes = new Set<number>();
  for (let t = 1; t < values.length; t++) {
    const [before, now] = [values[t - 1]!, values[t]!];
    if (now !== before && !Number.isNaN(now) && !Number.isNaN(before)) changes.add(t);
  }
  return changes;
}

/** Groups of columns, as places among them, that changed at (nearly) the same cells of the past; of two and more each. */
export function coinciding(known: readonly Float64Array[]): number[][] {
  const changes = known.map(changesOf);
  const isSame = (a: Set<number>, b: Set<number>): boolean => {
    const both = [...a].filter((t) => b.has(t)).length;
    return both > 0 && both >= TOGETHER * (a.size + b.size - both);
  };
  const groups: number[][] = [];
  for (const [c, own] of changes.entries()) {
    const group = groups.find(([first]) => isSame(changes[first!]!, own));
    if (group) group.push(c);
    else groups.push([c]);
  }
  return groups.filter((group) => group.length > 1);
}

/** Effects in which the columns of each group are one, under all their names. */
export function toldTogether(
  effects: readonly Effect[],
  groups: readonly (readonly string[])[],
): readonly Effect[] {
  let out = effects;
  for (const names of groups) {
    const isOne = ({ name, part }: Effect): boolean => part === 'regressors' && names.includes(name);
    const own = out.filter(isOne);
    if (own.length === 0) continue;
    const values = own[0]!.values.map((_, s) => own.reduce((sum, effect) => sum + effect.values[s]!, 0));
    out = [...out.filter((effect) => !isOne(effect)), { name: names.join(AND), part: 'regressors', values }];
  }
  return out;
}
