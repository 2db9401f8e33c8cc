// The backtest of models that learn from the whole panel: one fit a window, on a panel of which every series is cut.
import { sharedFloat64, sharedUint8 } from '../core/buffer.ts';
import { within } from '../core/checkpoint.ts';
import type { Executor, MapOptions, Part, Surroundings } from '../core/executor.ts';
import { cutPanel } from '../core/moved-end.ts';
import { lengthOf, type Panel } from '../core/panel.ts';
import type { Support } from '../core/support.ts';
import { FALLBACKS, fitOrFallBack } from '../models/fallback.ts';
import { contextOf, type ModelSpec } from '../models/model.ts';
import { createGlobal, createModel } from '../models/registry.ts';
import { shareOf, sharing } from '../models/share.ts';
import { outlookAt, type Records, record } from './record.ts';
import { TALLY_WIDTH } from './tally.ts';
import { planWindows, type Window, type WindowPlan } from './windows.ts';

/** What a global model forecast on all windows of all series: the cell of window w of series i is i · windows + w. */
export interface Track extends Records {
  readonly spec: ModelSpec;
}

/** What is asked of every global model. */
export interface TrackInput extends Record<string, unknown> {
  readonly plan: Required<WindowPlan>;
  readonly seed: number;
  readonly support: Support;
}

/** What a thread receives: the records too, shared, each piece writing the cells of its own window alone. */
interface TrackTask extends TrackInput {
  readonly spec: ModelSpec;
  readonly records: Records;
  /** The window of the first piece. */
  readonly first: number;
  /** The fit before the reported window. */
  readonly like?: unknown;
}

/**
 * Cells that window w hides of each series; undefined where no series has such a window. A series that is too short for
 * it hides as many as the others at most: what it did at that time must not be known either.
 */
export function hiddenCells(panel: Panel, plan: Required<WindowPlan>, w: number): Int32Array | undefined {
  const own = Int32Array.from(panel.ids, (_, i) => planWindows(lengthOf(panel, i), plan)[w]?.hidden ?? 0);
  const most = own.reduce((a, b) => Math.max(a, b), 0);
  return most === 0 ? undefined : own.map((cells) => (cells === 0 ? most : cells));
}

/** The task that executors run: fits and forecasts the windows of one piece. */
export async function trackPart(
  panel: Panel,
  { from, to }: Part,
  task: TrackTask,
  { onProgress, checkpoint, signal }: Surroundings = {},
): Promise<unknown> {
  const { plan, seed, support, spec, records, first, like } = task;
  const { h, windows: W, season_length } = plan;
  const fallbacks = FALLBACKS.map(createModel);
  const context = contextOf(panel, season_length, seed);
  const model = createGlobal(spec)!;
  let state: unknown;
  for (let w = first + from; w < first + to; w++) {
    const hidden = hiddenCells(panel, plan, w);
    if (!hidden) continue;
    const known = cutPanel(panel, hidden);
    const around: Surroundings = {
      onProgress: (own) => onProgress?.({ ...own, stage: `${own.stage}, window ${w + 1}` }),
      checkpoint: within(checkpoint, `window-${w}`),
      signal,
    };
    state = await model.fitAll(known, { h, season_length, seed, ...around }, like);
    const forecasts = await model.forecastAll(state, known, h, { gaps: true });
    for (const [i, forecast] of forecasts.entries()) {
      const window: Window | undefined = planWindows(lengthOf(panel, i), plan)[w];
      if (!window) continue;
      const own = sharing(model.name, shareOf(forecast));
      const outlook = outlookAt(panel, i, window, support);
      const fitted = fitOrFallBack(own, fallbacks, outlook.series, context, window.length, outlook.future);
      record(records, i * W + w, h, fitted, outlook);
    }
  }
  return state;
}

/**
 * Backtests a global model on all windows of all series, each window a piece of its own. The reported window comes first: what
 * is chosen before it is taken over to the earlier ones, as it would cost too much to search before each. Fits that take long tell
 * how far they are, and are taken up again from the checkpoint.
 */
export async function track(
  panel: Panel,
  spec: ModelSpec,
  input: TrackInput,
  executor: Executor,
  { onProgress, checkpoint, signal }: MapOptions = {},
): Promise<Track> {
  const { h, windows } = input.plan;
  const options = (before: number): MapOptions => ({
    signal,
    checkpoint,
    onPart: onProgress,
    onProgress:
      onProgress &&
      (({ done }) => onProgress({ stage: spec.model, unit: 'windows', done: before + done, total: windows })),
  });
  const cells = panel.ids.length * windows;
  const records: Records = {
    mean: sharedFloat64(cells * h).fill(Number.NaN),
    sd: sharedFloat64(cells * h).fill(Number.NaN),
    tallies: sharedFloat64(cells * TALLY_WIDTH),
    fellBack: sharedUint8(cells),
  };
  const task: TrackTask = { ...input, spec, records, first: 0 };
  const [like] = await executor.map<unknown>('track', panel, task, { ...options(0), pieces: 1 });
  const earlier: TrackTask = { ...task, first: 1, like };
  await executor.map<unknown>('track', panel, earlier, { ...options(1), pieces: windows - 1 });
  return { spec, ...records };
}
