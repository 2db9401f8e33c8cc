// bellwether inspect: what is in a file, what will go wrong, and what would be done about it.
import { profile } from '../../prepare/profile.ts';
import type { DataFlags } from '../data-options.ts';
import { readPrepared } from '../journey.ts';
import { openTerminal } from '../terminal.ts';
import { profileView } from '../views/profile.ts';

export async function inspect(
  files: string[],
  flags: DataFlags & { json?: boolean; quiet?: boolean },
): Promise<void> {
  // The notes are part of what is printed, so they are not said beforehand as well.
  const { prepared } = await readPrepared(files, flags, openTerminal({ quiet: true }));
  const found = profile(prepared);
  const terminal = openTerminal(flags);
  const colour = process.env.NO_COLOR === undefined && process.stdout.isTTY === true;
  terminal.data(
    flags.json
      ? `${JSON.stringify(found, null, 2)}\n`
      : profileView(found, { columns: terminal.columns, colour }),
  );
}
