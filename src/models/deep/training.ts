// The training of the networks of a forecaster, each from a start of its own.
import { within } from '../../core/checkpoint.ts';
import type { ProgressListener } from '../../core/progress.ts';
import type { Examples } from '../../learn/network/examples.ts';
import { adam } from '../../learn/network/optimisers.ts';
import type { Runtime } from '../../learn/network/runtime.ts';
import { warmCosine } from '../../learn/network/schedules.ts';
import { type Moment, type Objective, train, type Weights } from '../../learn/network/train.ts';
import type { GlobalContext } from '../global-model.ts';
import type { DeepSettings } from './options.ts';

/** Most and fewest steps where none are asked for, and passes over all windows between them. */
const MOST_STEPS = 1000;
const LEAST_STEPS = 200;
const PASSES = 8;

export const stepsFor = (windows: number, batch: number): number =>
  Math.max(LEAST_STEPS, Math.min(MOST_STEPS, Math.ceil((PASSES * windows) / batch)));

/** Times that the loss is noted. */
const LOOKS = 20;

const rounded = (loss: number): string => loss.toPrecision(3);

/** Tells how far the training of all networks is at each look at one of them. */
function tellerOf(
  stage: string,
  member: number,
  networks: number,
  onProgress: ProgressListener | undefined,
): (moment: Moment, first: Moment) => void {
  return ({ step, steps, loss, held }, first) =>
    onProgress?.({
      stage,
      unit: 'steps',
      done: member * steps + step,
      total: networks * steps,
      note:
        `${networks > 1 ? `network ${member + 1}, ` : ''}loss ${rounded(loss)}${step > first.step ? ` (was ${rounded(first.loss)})` : ''}` +
        `${Number.isNaN(held) ? '' : `, held out ${rounded(held)}`}`,
    });
}

/** What networks are trained on and how. */
export interface Lesson {
  /** As progress calls it. */
  readonly name: string;
  readonly objective: Objective;
  readonly examples: Examples;
  /** Windows that decide when to stop, and which weights are kept; absent where all steps are taken. */
  readonly held?: Examples;
  readonly settings: DeepSettings;
  /** Of each network. */
  readonly steps: number;
  /** Times that the loss is noted, training kept, and what is held out looked at; defaults to 20. */
  readonly looks?: number;
  /** Weights to go on from, one a network. */
  readonly start?: readonly Pick<Weights, 'theta' | 'memory'>[];
}

/** Trains all networks, one after the other. */
export async function trainNetworks(
  { name, objective, examples, held, settings, steps, looks = LOOKS, start }: Lesson,
  runtime: Runtime,
  {
    seed,
    onProgress,
    checkpoint,
    signal,
  }: Pick<GlobalContext, 'seed' | 'onProgress' | 'checkpoint' | 'signal'>,
): Promise<Weights[]> {
  const trained: Weights[] = [];
  for (let member = 0; member < settings.networks; member++) {
    const from = start?.[member];
    const weights = await train(objective, examples, runtime, {
      steps,
      batch: settings.batch,
      rate: warmCosine(settings.rate),
      optimiser: adam({ decay: settings.decay }),
      clip: 1,
      average: 0.99,
      every: Math.max(1, Math.ceil(steps / looks)),
      seed: seed + member,
      ...(from ? { start: from } : {}),
      ...(held ? { held, patience: settings.patience || Infinity } : {}),
      onProgress: tellerOf(name, member, settings.networks, onProgress),
      checkpoint: within(checkpoint, `network-${member}`),
      signal,
    });
    trained.push(weights);
    // What stopped early is done all the same.
    const last = weights.history.at(-1)!;
    if (last.step < steps)
      tellerOf(name, member, settings.networks, onProgress)({ ...last, step: steps }, weights.history[0]!);
  }
  return trained;
}
