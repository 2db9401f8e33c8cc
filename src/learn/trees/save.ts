// Models of trees as a file: a head, what is small as JSON, and typed arrays as they lie in memory (low bytes first).
import { crc32 } from '../../core/crc32.ts';
import { DataError } from '../../core/errors.ts';
import type { BinnedFeature } from './bins.ts';
import type { TreeModel } from './model.ts';
import type { TreeSettings } from './options.ts';
import type { Tree } from './tree.ts';

const MAGIC = new TextEncoder().encode('BWTREES\n');
const VERSION = 1;
/** Bytes of the head: magic, and a word each for the version, the checksum of all that follows it, and the length of the JSON. */
const HEAD = MAGIC.length + 12;

type TypedArray = Float64Array | Float32Array | Int32Array | Uint32Array | Uint8Array;
/** Kinds of typed arrays. */
type Kind<T> = { readonly BYTES_PER_ELEMENT: number; new (buffer: ArrayBuffer): T };

/** The arrays of a tree in their order in the file, with what they have one of: nodes, leaves or words of sets. */
const TREE = [
  ['feature', Int32Array, 0],
  ['threshold', Float64Array, 0],
  ['set', Int32Array, 0],
  ['missingLeft', Uint8Array, 0],
  ['left', Int32Array, 0],
  ['right', Int32Array, 0],
  ['gain', Float64Array, 0],
  ['cover', Float64Array, 0],
  ['leafCover', Float64Array, 1],
  ['value', Float64Array, 1],
  ['sets', Uint32Array, 2],
] as const satisfies readonly (readonly [keyof Tree, Kind<TypedArray>, number])[];

const sizesOf = ({ feature, value, sets }: Tree): readonly number[] => [
  feature.length,
  value.length,
  sets.length,
];

/** What stands in the JSON; arrays are told by their length. */
interface Contents {
  /** A JSON text of its own, as some of its numbers need names. */
  readonly settings: string;
  readonly outputs: number;
  readonly start: number;
  readonly validation: number;
  readonly features: readonly {
    readonly name: string;
    readonly count: number;
    readonly levels: number;
    readonly upper: number;
    readonly codes: number;
    readonly encoding?: { readonly output: number; readonly means: number };
  }[];
  /** Nodes, leaves and words of sets, tree after tree. */
  readonly sizes: readonly number[];
}

/** Numbers that JSON does not have, by name. */
const NAMED: ReadonlyMap<unknown, number> = new Map(
  [Infinity, -Infinity, Number.NaN].map((x) => [`${x}`, x]),
);

const nameNumber = (_: string, value: unknown): unknown => {
  if (Object.is(value, -0)) return '-0';
  return typeof value === 'number' && !Number.isFinite(value) ? `${value}` : value;
};
const numberNamed = (_: string, value: unknown): unknown =>
  value === '-0' ? -0 : (NAMED.get(value) ?? value);

/** A model as bytes that `loadTrees` reads into the same numbers. */
export function saveTrees({ settings, features, outputs, start, trees, validation }: TreeModel): Uint8Array {
  const contents: Contents = {
    settings: JSON.stringify(settings, nameNumber),
    outputs,
    start: start.length,
    validation: validation.length,
    features: features.map(({ name, count, levels, upper, codes, encoding }) => ({
      name,
      count,
      levels,
      upper: upper.length,
      codes: codes.length,
      ...(encoding ? { encoding: { output: encoding.output, means: encoding.means.length } } : {}),
    })),
    sizes: trees.flatMap(sizesOf),
  };
  const json = new TextEncoder().encode(JSON.stringify(contents));
  const arrays: TypedArray[] = [json, start, validation];
  for (const { upper, codes, encoding } of features) {
    arrays.push(upper, codes);
    if (encoding) arrays.push(encoding.means, Float64Array.of(encoding.prior));
  }
  for (const tree of trees) for (const [name] of TREE) arrays.push(tree[name]);
  const bytes = new Uint8Array(arrays.reduce((total, { byteLength }) => total + byteLength, HEAD));
  let at = HEAD;
  for (const { buffer, byteOffset, byteLength } of arrays) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  bytes.set(MAGIC);
  const head = new DataView(bytes.buffer, MAGIC.length);
  head.setUint32(0, VERSION, true);
  head.setUint32(8, json.length, true);
  head.setUint32(4, crc32(bytes.subarray(MAGIC.length + 8)), true);
  return bytes;
}

/** Throws a DataError for bytes that are of something else, of a newer version, or no longer whole. */
function refuse(bytes: Uint8Array): void {
  if (MAGIC.some((letter, k) => bytes[k] !== letter)) {
    throw new DataError('these bytes are not a model of trees; give those that saveTrees made.');
  }
  const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes.length < HEAD ? VERSION : head.getUint32(MAGIC.length, true);
  if (version > VERSION) {
    throw new DataError(
      `this model of trees was saved in version ${version} of the format, and version ${VERSION} is known here; update bellwether.`,
    );
  }
  if (
    bytes.length < HEAD ||
    version !== VERSION ||
    head.getUint32(MAGIC.length + 4, true) !== crc32(bytes.subarray(MAGIC.length + 8))
  ) {
    throw new DataError('this model of trees is damaged; restore its file from a copy or train anew.');
  }
}

/** Reads what `saveTrees` wrote. Throws a DataError for bytes that are damaged, of something else or of a newer version. */
export function loadTrees(bytes: Uint8Array): TreeModel {
  refuse(bytes);
  let at = HEAD;
  // Copied, because arrays lie at any byte of the file and wide numbers need aligned memory.
  const take = <T>(kind: Kind<T>, length: number): T => {
    const from = at;
    at += length * kind.BYTES_PER_ELEMENT;
    return new kind(Uint8Array.from(bytes.subarray(from, at)).buffer);
  };
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(HEAD - 4, true);
  const contents = JSON.parse(new TextDecoder().decode(take(Uint8Array, length))) as Contents;
  const { settings, outputs, features, sizes } = contents;
  const start = take(Float64Array, contents.start);
  const validation = take(Float64Array, contents.validation);
  return {
    settings: JSON.parse(settings, numberNamed) as TreeSettings,
    features: features.map(({ name, count, levels, upper, codes, encoding }): BinnedFeature => {
      const binned = {
        name,
        count,
        upper: take(Float64Array, upper),
        levels,
        codes: take(Int32Array, codes),
      };
      if (!encoding) return binned;
      const means = take(Float32Array, encoding.means);
      return { ...binned, encoding: { output: encoding.output, means, prior: take(Float64Array, 1)[0]! } };
    }),
    outputs,
    start,
    trees: Array.from({ length: sizes.length / 3 }, (_, t) => {
      const arrays = TREE.map(([name, kind, per]) => [
        name,
        take(kind as Kind<TypedArray>, sizes[3 * t + per]!),
      ]);
      return Object.fromEntries(arrays) as Tree;
    }),
    validation,
  };
}
