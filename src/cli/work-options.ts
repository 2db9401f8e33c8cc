// The options that say what to forecast, with what, and where the result goes.
import type { Command } from 'commander';
import { UsageError } from '../core/errors.ts';
import type { ModelSpec } from '../models/model.ts';
import type { ForecastOptions } from '../pipeline.ts';
import { plainNumber, wholeNumber } from './data-options.ts';
import { modelList } from './model-list.ts';

export interface WorkFlags {
  horizon?: number;
  level?: string;
  models?: string;
  seasonLength?: number;
  windows?: number;
  step?: number;
  budget?: number;
  min?: number;
  max?: number;
  whole?: boolean;
  seed?: number;
  threads?: number;
  store?: string;
  save?: boolean;
  report?: string;
  quiet?: boolean;
}

export function addWorkOptions(command: Command): Command {
  return command
    .optionsGroup('What to forecast:')
    .option('-H, --horizon <periods>', 'periods ahead', wholeNumber('--horizon'))
    .option('--level <percents>', 'interval levels, separated by commas (default: 80,95)')
    .option(
      '--models <names>',
      'models to weigh, separated by commas, as in auto,lstm or theta,combination(ets,ces) (default: auto, its whole pool)',
    )
    .option(
      '--season-length <periods>',
      'periods in a season (default: from the frequency)',
      wholeNumber('--season-length'),
    )
    .option(
      '--windows <count>',
      'backtest windows, the reported one included (default: 4)',
      wholeNumber('--windows'),
    )
    .option(
      '--step <periods>',
      'periods between earlier windows (default: half the horizon)',
      wholeNumber('--step'),
    )
    .option(
      '--budget <seconds>',
      'nominal CPU seconds for choosing, all threads together; more than usual lets a network in (default: 150, or 5 a thousand series)',
      plainNumber('--budget'),
    )
    .option(
      '--min <value>',
      'least possible value (default: 0 where sales were never negative)',
      plainNumber('--min'),
    )
    .option('--max <value>', 'greatest possible value, such as a capacity', plainNumber('--max'))
    .option('--whole', 'forecast whole numbers; running totals stay right')
    .optionsGroup('How to run:')
    .option('--seed <number>', 'seed of whatever is random (default: 1)', wholeNumber('--seed'))
    .option('--threads <count>', 'worker threads (default: all cores)', wholeNumber('--threads'));
}

/** Options for commands that keep what they made. */
export function addStoreOptions(command: Command): Command {
  return command
    .option('--store <folder>', 'where runs are kept', '.bellwether')
    .option('--no-save', 'keep no run')
    .option('--report <file.html>', 'write a self-contained page with charts and scores');
}

export const addQuiet = (command: Command): Command => command.option('-q, --quiet', 'no talk on stderr');

/** The horizon where none is given: a span that a shop plans by. */
const USUAL_HORIZONS: Record<string, number> = {
  second: 60,
  minute: 60,
  hour: 48,
  day: 28,
  'business-day': 20,
  week: 13,
  month: 12,
  quarter: 8,
  year: 4,
  step: 12,
};

export const usualHorizon = (unit: string): number => USUAL_HORIZONS[unit] ?? 12;

function models(text: string | undefined): ModelSpec[] | undefined {
  return text === undefined || text === 'auto' ? undefined : modelList(text);
}

function levels(text: string | undefined): number[] | undefined {
  return text?.split(',').map((part) => {
    const value = Number(part);
    if (!(value > 0 && value < 100))
      throw new UsageError(`--level "${part}" is not between 0 and 100; give 80,95.`);
    return value;
  });
}

export function forecastOptionsOf(flags: WorkFlags, h: number): ForecastOptions {
  const level = levels(flags.level);
  const chosen = models(flags.models);
  const support = {
    ...(flags.min === undefined ? {} : { min: flags.min }),
    ...(flags.max === undefined ? {} : { max: flags.max }),
    ...(flags.whole ? { whole: true } : {}),
  };
  return {
    h,
    support,
    ...(level ? { level } : {}),
    ...(chosen ? { models: chosen } : {}),
    ...(flags.seasonLength === undefined ? {} : { season_length: flags.seasonLength }),
    ...(flags.windows === undefined ? {} : { windows: flags.windows }),
    ...(flags.step === undefined ? {} : { step: flags.step }),
    ...(flags.budget === undefined ? {} : { budget: flags.budget }),
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
  };
}
