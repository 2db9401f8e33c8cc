// Models as --models has them: names, and in parentheses the models that one works with and its options.
import { UsageError } from '../core/errors.ts';
import type { ModelSpec } from '../models/model.ts';
import { modelEntry } from '../models/registry.ts';

/** Cuts at the commas that stand outside of all brackets; empty pieces are dropped. */
function pieces(text: string): string[] {
  const out: string[] = [];
  let depth = 0;
  let piece = '';
  for (const letter of text) {
    if ('([{'.includes(letter)) depth++;
    if (')]}'.includes(letter)) depth--;
    if (depth < 0) break;
    if (letter === ',' && depth === 0) {
      out.push(piece);
      piece = '';
    } else piece += letter;
  }
  if (depth !== 0) {
    throw new UsageError(`--models "${text}" has a bracket too ${depth > 0 ? 'few' : 'many'} at the end.`);
  }
  return [...out, piece].map((each) => each.trim()).filter((each) => each !== '');
}

/** Numbers, true, false and lists as in JSON; anything else is a word. */
function optionValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function specOf(text: string): ModelSpec {
  const [, model, inside] = /^([^\s()]+)\s*(?:\((.*)\))?$/.exec(text) ?? [];
  if (model === undefined) {
    throw new UsageError(`--models "${text}" is not a model; write name or name(model, option=value).`);
  }
  const { inner } = modelEntry(model);
  const models: ModelSpec[] = [];
  const options: Record<string, unknown> = {};
  for (const piece of pieces(inside ?? '')) {
    const [, option, value] = /^(\w+)\s*=\s*(.*)$/.exec(piece) ?? [];
    if (option !== undefined) options[option] = optionValue(value!);
    else if (inner) models.push(specOf(piece));
    else throw new UsageError(`${model} works with no other model; write "${piece}" as option=value.`);
  }
  if (inner === 'model' && models.length > 1) {
    throw new UsageError(
      `${model} works with one model, not with ${models.length}; name ${model} once for each.`,
    );
  }
  if (models.length > 0) options[inner!] = inner === 'model' ? models[0] : models;
  return Object.keys(options).length > 0 ? { model, options } : { model };
}

/**
 * The models of a list such as `auto,lstm` or `theta,combination(ets,ces,combine=mean),arima(order=[0,1,1])`. Throws a UsageError for what
 * is no such list and for unknown names; options are looked at by the models themselves.
 */
export const modelList = (text: string): ModelSpec[] =>
  pieces(text).map((piece) => (piece === 'auto' ? { model: 'auto' } : specOf(piece)));
