// Builds dist/ from src/: the kernels as WebAssembly, then type-checked JavaScript with declarations.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { writeKernels } from './kernels.js';

rmSync('dist', { recursive: true, force: true });
const require = createRequire(import.meta.url);
let compiler;
try {
  compiler = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
} catch {
  // `npm ci --omit=dev` runs this too, without the compiler; a published package brings its dist along.
  process.stdout.write('typescript is not installed: dist/ was not built\n');
  process.exit(0);
}
if (!existsSync('src')) process.exit(0);
await writeKernels();
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
process.exit(status ?? 1);
