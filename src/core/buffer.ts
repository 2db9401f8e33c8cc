// Typed arrays on shared memory, so that worker threads see a panel without a copy.

const canShare = typeof SharedArrayBuffer !== 'undefined';

/** Allocates bytes that threads can share; plain memory where a browser forbids sharing. */
function bytes(length: number): ArrayBuffer {
  // A SharedArrayBuffer serves every typed array; TypeScript's array types only name ArrayBuffer.
  return canShare ? (new SharedArrayBuffer(length) as unknown as ArrayBuffer) : new ArrayBuffer(length);
}

export const sharedFloat64 = (length: number): Float64Array => new Float64Array(bytes(length * 8));
export const sharedInt32 = (length: number): Int32Array => new Int32Array(bytes(length * 4));
export const sharedUint32 = (length: number): Uint32Array => new Uint32Array(bytes(length * 4));
export const sharedUint8 = (length: number): Uint8Array => new Uint8Array(bytes(length));
