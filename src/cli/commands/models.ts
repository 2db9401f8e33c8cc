// bellwether models: lists the models and what each is for.
import { MODELS } from '../../models/registry.ts';

export async function models({ json }: { json?: boolean }): Promise<void> {
  const entries = Object.entries(MODELS).map(([name, { summary }]) => ({ name, summary }));
  if (json) {
    process.stdout.write(`${JSON.stringify(entries, null, 2)}\n`);
    return;
  }
  const width = Math.max(...entries.map(({ name }) => name.length)) + 2;
  for (const { name, summary } of entries) process.stdout.write(`${name.padEnd(width)}${summary}\n`);
}
