// Compiles the kernels of src/learn/trees to WebAssembly and writes them as a module that runs anywhere.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join('src', 'learn', 'trees', 'kernels');
const SOURCE = 'kernels.as.ts';

/** The compiled kernels; undefined where assemblyscript is not installed. */
export async function compileKernels() {
  let asc;
  try {
    ({ default: asc } = await import('assemblyscript/asc'));
  } catch {
    return undefined;
  }
  let binary;
  const { error, stderr } = await asc.main(
    [
      SOURCE,
      '--outFile',
      'kernels.wasm',
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '--enable',
      'threads',
      '--enable',
      'bulk-memory',
      '--importMemory',
      '--sharedMemory',
      '--maximumMemory',
      '65536',
      '--initialMemory',
      '1',
      '--memoryBase',
      '0',
    ],
    {
      readFile: (name) => {
        try {
          return readFileSync(join(folder, name), 'utf8');
        } catch {
          return null;
        }
      },
      writeFile: (_, contents) => {
        binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`${SOURCE} does not compile: ${error.message}\n${stderr}`);
  return Buffer.from(binary);
}

export const kernelModule = (binary) =>
  `// Made by scripts/kernels.js from kernels.as.ts; do not edit.\nexport const KERNELS =\n  '${binary.toString('base64')}';\n`;

export async function writeKernels() {
  const binary = await compileKernels();
  if (binary) writeFileSync(join(folder, 'kernels.wasm.ts'), kernelModule(binary));
  return binary !== undefined;
}
