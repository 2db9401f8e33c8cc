// Bytes as text and back, in Node and in browsers.

/** Node's own, several times faster where it is there. */
interface NodeBytes {
  from(data: ArrayBufferLike, offset: number, length: number): { toString(encoding: 'base64'): string };
  from(text: string, encoding: 'base64'): Uint8Array;
}
const node = (globalThis as { Buffer?: NodeBytes }).Buffer;

/** Bytes that are turned into characters in one call: more would overflow the stack. */
const CHUNK = 0x8000;

/** Bytes as base64. */
export function toBase64(
  { buffer, byteOffset, byteLength }: ArrayBufferView,
  fast: NodeBytes | undefined = node,
): string {
  if (fast) return fast.from(buffer, byteOffset, byteLength).toString('base64');
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK)
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + CHUNK)));
  return btoa(pieces.join(''));
}

/** The bytes of base64, in a buffer of their own. */
export function fromBase64(text: string, fast: NodeBytes | undefined = node): Uint8Array<ArrayBuffer> {
  // Copied, because small buffers lie at any byte of a pool and wider numbers need aligned memory.
  if (fast) return new Uint8Array(fast.from(text, 'base64'));
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
