// The hot loops of trees in AssemblyScript, compiled to WebAssembly with SIMD; the plain ones are the same in TypeScript, to the
// bit. Everything lies in one memory, and arguments are places in it, in bytes.

export { help, run, sit } from './crew.as';
export { grow } from './grow.as';

/** Makes bytes zero. */
export function clear(from: usize, bytes: usize): void {
  memory.fill(from, 0, bytes);
}
