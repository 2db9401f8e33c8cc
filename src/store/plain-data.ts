// Plain data as JSON without loss: typed arrays, NaN, infinities, -0, undefined and bigint survive the way.
import { fromBase64, toBase64 } from './base64.ts';

/** Typed arrays by the tag they are written with; the bytes follow as little-endian base64. */
const ARRAYS = {
  $f64: Float64Array,
  $f32: Float32Array,
  $i8: Int8Array,
  $u8: Uint8Array,
  $u8c: Uint8ClampedArray,
  $i16: Int16Array,
  $u16: Uint16Array,
  $i32: Int32Array,
  $u32: Uint32Array,
  $i64: BigInt64Array,
  $u64: BigUint64Array,
} as const;

const TAGS = new Map<unknown, string>(Object.entries(ARRAYS).map(([tag, array]) => [array, tag]));

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Arrays from another realm have another constructor of the same name. */
const tagOf = (view: ArrayBufferView): string | undefined =>
  TAGS.get(view.constructor) ??
  [...TAGS].find(([array]) => (array as { name: string }).name === view.constructor.name)?.[1];

/** A key that would be taken for a tag, or that JSON cannot carry into an object. */
const awkward = (key: string): boolean => key.startsWith('$') || key === '__proto__';

function refuse(value: unknown, path: string): never {
  const what =
    typeof value === 'object' ? `a ${value?.constructor?.name ?? 'special object'}` : `a ${typeof value}`;
  throw new TypeError(
    `${path || 'the value'} is ${what}; only plain data can be saved: numbers, text, arrays, typed arrays, objects.`,
  );
}

function pack(value: unknown, path: string): Json {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $number: Object.is(value, -0) ? '-0' : String(value) };
    case 'string':
    case 'boolean':
      return value;
    case 'undefined':
      return { $undefined: true };
    case 'bigint':
      return { $bigint: String(value) };
    case 'object':
      break;
    default:
      refuse(value, path);
  }
  if (value === null) return null;
  if (ArrayBuffer.isView(value)) {
    const tag = tagOf(value);
    if (tag === undefined) refuse(value, path);
    return { [tag]: toBase64(value) };
  }
  // Array.from visits holes too; they come back as undefined.
  if (Array.isArray(value)) return Array.from(value, (item, i) => pack(item, `${path}[${i}]`));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) refuse(value, path);
  const entries = Object.entries(value).map(([key, item]): [string, Json] => [
    key,
    pack(item, path ? `${path}.${key}` : key),
  ]);
  return entries.some(([key]) => awkward(key)) ? { $object: entries } : Object.fromEntries(entries);
}

function unpack(json: Json): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map(unpack);
  const object = json as { [key: string]: Json };
  let tag: string | undefined;
  for (const key in object) {
    if (key.startsWith('$')) tag = key;
    else object[key] = unpack(object[key]!) as Json;
  }
  if (tag === undefined) return object;
  const content = object[tag]!;
  if (tag === '$number') return Number(content);
  if (tag === '$undefined') return undefined;
  if (tag === '$bigint') return BigInt(content as string);
  if (tag === '$object') {
    return Object.fromEntries((content as [string, Json][]).map(([key, item]) => [key, unpack(item)]));
  }
  const array = ARRAYS[tag as keyof typeof ARRAYS];
  if (!array) throw new SyntaxError(`the tag "${tag}" is not known`);
  return new array(fromBase64(content as string).buffer);
}

/**
 * Writes plain data as JSON text; `indent` spaces make it readable, 0 (the default) makes it compact.
 * What JSON lacks is tagged: `{"$f64": "base64"}`, `{"$number": "NaN"}`, `{"$undefined": true}`.
 * Throws a TypeError that names the field for functions, symbols, dates, maps and other class instances.
 */
export function encodeState(value: unknown, indent = 0): string {
  return JSON.stringify(pack(value, ''), null, indent);
}

/** Reads what `encodeState` wrote, into the same values and types. Throws a SyntaxError for anything else. */
export function decodeState(text: string): unknown {
  return unpack(JSON.parse(text) as Json);
}
