// One row of a table in a process of its own, so that its time and memory are its own: PART MODEL SEED QUICK, the row as JSON.
import { cpuSeconds, peakMemory, type Row } from '../harness.ts';
import { largeTask } from './large-panel.ts';
import { LEVELS_DAYS, levelsTask } from './levels.ts';
import { forecasters } from './models.ts';
import { MONTHLY_H, monthlyTask } from './monthly.ts';
import { scoresOf, type Task } from './task.ts';

const [part, model, ...rest] = process.argv.slice(2) as [string, string, string, string];
const [seed, quick] = [Number(rest[0]), rest[1] === 'true'];

const TASKS: Readonly<Record<string, () => Task & { readonly levels?: readonly string[] }>> = {
  levels: () => levelsTask(LEVELS_DAYS),
  monthly: () => monthlyTask(MONTHLY_H, quick ? 30 : 1),
  large: () => largeTask(quick ? 1000 : 30_000, seed),
};

/** Mean of the numbers; NaN where there are none. */
function mean(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

const task = TASKS[part]!();
const began = { cpu: process.cpuUsage(), wall: performance.now() };
let about: Row = {};
const made = forecasters(quick, ({ notes, points }) => {
  process.stderr.write(`${part}, ${model}: ${notes.join('; ')}\n`);
  about = { features: points[0]!.stands[0]!.model.features.length, fit_cpu_s: cpuSeconds(began.cpu) };
});
const found = await made[part]![model]!(task.panel, task.h, task.season_length, seed);
const spent = { cpu_s: cpuSeconds(began.cpu), wall_s: (performance.now() - began.wall) / 1000 };
const scores = scoresOf(task, found);
const errors = [...scores.rmsse];
const { levels } = task;
const byLevel = [...new Set(levels)].map((level) => [
  `L${level}`,
  mean(errors.filter((_, i) => levels![i] === level)),
]);
const row: Row = {
  part,
  model,
  ...Object.fromEntries(byLevel),
  rmsse: mean(errors),
  wape: scores.wape,
  bias: scores.bias,
  series: errors.filter((value) => !Number.isNaN(value)).length,
  ...about,
  ...spent,
  peak_mb: peakMemory(),
};
process.stdout.write(JSON.stringify(row));
