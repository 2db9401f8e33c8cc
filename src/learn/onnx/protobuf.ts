// Protocol buffers' wire format, as far as writing needs it (protobuf.dev/programming-guides/encoding): a message is its fields
// one after another, each a key (field number and kind of value) and a value.

/** Kinds of values on the wire. */
const VARINT = 0;
const LENGTH = 2;
const FOUR_BYTES = 5;

const join = (parts: readonly Uint8Array[]): Uint8Array => {
  const out = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
};

/** Appends a whole number, seven bits a byte, low ones first; a negative one as the 64 bits of its two's complement. */
function pushVarint(out: number[], value: number): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no whole number that can be written`);
  if (value < 0) {
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest >= 128n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
    out.push(Number(rest));
    return;
  }
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) | 128);
  out.push(rest);
}

function varints(...values: readonly number[]): Uint8Array {
  const out: number[] = [];
  for (const value of values) pushVarint(out, value);
  return Uint8Array.from(out);
}

const key = (field: number, kind: number): number => field * 8 + kind;

/** The bytes of a message from those of its fields. */
export const message = (fields: readonly Uint8Array[]): Uint8Array => join(fields);

/** A field of bytes, or of a message within. */
export const bytes = (field: number, value: Uint8Array): Uint8Array =>
  join([varints(key(field, LENGTH), value.length), value]);

export const text = (field: number, value: string): Uint8Array =>
  bytes(field, new TextEncoder().encode(value));

/** A field of a whole number up to 2⁵³ either way; also for enumerations. */
export const whole = (field: number, value: number): Uint8Array => varints(key(field, VARINT), value);

/** A packed field of whole numbers. */
export function wholes(field: number, values: Iterable<number>): Uint8Array {
  const out: number[] = [];
  for (const value of values) pushVarint(out, value);
  return bytes(field, Uint8Array.from(out));
}

const littleEndian = (values: ArrayLike<number>): Uint8Array => {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  for (let k = 0; k < values.length; k++) view.setFloat32(4 * k, values[k]!, true);
  return new Uint8Array(view.buffer);
};

/** A field of one number in single precision. */
export const float = (field: number, value: number): Uint8Array =>
  join([varints(key(field, FOUR_BYTES)), littleEndian([value])]);

/** A packed field of numbers in single precision. */
export const floats = (field: number, values: ArrayLike<number>): Uint8Array =>
  bytes(field, littleEndian(values));
