// The tasks that any executor can run, by name. Adding a task adds one line here.
import type { Task } from '../core/executor.ts';
import { backtestPart } from '../evaluate/backtest.ts';
import { trackPart } from '../evaluate/global-backtest.ts';
import { forecastPart } from '../forecast/forecast-part.ts';
import { foresee } from '../forecast/global-forecast.ts';
import { rehearsePart } from '../select/rehearsal.ts';
import { tryPart } from '../select/trial.ts';

// Each task checks its own input; the registry only knows their common shape.
// biome-ignore lint/suspicious/noExplicitAny: tasks with different inputs in one table
export const TASKS: Readonly<Record<string, Task<any, unknown>>> = {
  track: trackPart,
  backtest: backtestPart,
  rehearse: rehearsePart,
  trial: tryPart,
  foresee,
  forecast: forecastPart,
};

export function taskNamed(name: string): Task {
  const task = TASKS[name];
  if (!task) throw new RangeError(`no task is named "${name}"`);
  return task;
}
