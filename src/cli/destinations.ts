// Where results are to be written: looked at before the work begins, so that no minutes are lost to a typing slip.
import { access, constants } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../core/errors.ts';

/** Throws a UsageError unless a file can be made at each of the given paths. */
export async function requireFolders(...paths: readonly (string | undefined)[]): Promise<void> {
  for (const path of paths) {
    if (path === undefined) continue;
    const folder = dirname(resolve(path));
    try {
      await access(folder, constants.W_OK);
    } catch (error) {
      const why =
        (error as NodeJS.ErrnoException).code === 'ENOENT'
          ? `there is no folder "${folder}"; make it first`
          : `the folder "${folder}" may not be written to; name another`;
      throw new UsageError(`"${path}" cannot be written: ${why}.`);
    }
  }
}
