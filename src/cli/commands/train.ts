// bellwether train: chooses and fits models and keeps them as a run, to be forecast from later.
import { UsageError } from '../../core/errors.ts';
import { requireFolders } from '../destinations.ts';
import { type GoingOn, goOn } from '../going-on.ts';
import { setOut, travel } from '../journey.ts';
import { keepRun, writeReport } from '../keeping.ts';
import { openTerminal } from '../terminal.ts';
import { tellOutcome } from '../views/outcome.ts';

export async function train(files: string[], flags: GoingOn, argv: readonly string[]): Promise<void> {
  if (flags.save === false) throw new UsageError('train keeps what it fits; leave out --no-save.');
  await requireFolders(flags.report);
  const terminal = openTerminal(flags);
  const started = new Date();
  const { from } = flags;
  if (from !== undefined) {
    const { id } = await goOn(files, { ...flags, from }, { kind: 'train', argv, started }, terminal);
    terminal.say(`Kept as run ${id}; "bellwether forecast --run ${id}" forecasts it.`);
    terminal.data(`${id}\n`);
    return;
  }
  const journey = await setOut(files, flags, terminal);
  const { outcome, forget } = await travel(journey, flags, terminal);
  tellOutcome(outcome, terminal);
  const seconds = (Date.now() - started.getTime()) / 1000;
  const id = await keepRun(flags.store ?? '.bellwether', journey, outcome, {
    kind: 'train',
    argv,
    started,
    seconds,
  });
  await forget();
  if (flags.report !== undefined)
    await writeReport(flags.report, journey, outcome, [{ label: 'Run', value: id }]);
  terminal.say(`Kept as run ${id}; "bellwether forecast --run ${id}" forecasts it.`);
  terminal.data(`${id}\n`);
}
