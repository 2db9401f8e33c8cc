// Our trees beside XGBoost's: time, memory and held-out loss on made-up tables, in turns, each in a process of its own.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { medianOf, type Result, type Row, type RunOptions } from '../harness.ts';
import { type Task, writeTask } from './data.ts';

const here = dirname(fileURLToPath(import.meta.url));
const TASKS: readonly Task[] = [
  { name: 'regression', rows: 1_000_000, features: 40, test: 200_000 },
  { name: 'classification', rows: 200_000, features: 30, test: 50_000 },
];
const ROUNDS = 5;
const TREES = 100;
const THREADS = [1, 2];

interface Figures {
  readonly train_wall: number;
  readonly train_cpu: number;
  readonly predict_wall: number;
  readonly predict_cpu: number;
  readonly peak_mb: number;
  readonly loss: number;
}

const PYTHON = '/usr/bin/python3';

function hasPeer(): boolean {
  try {
    execFileSync(PYTHON, ['-c', 'import xgboost'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

type Engine = 'ours' | 'xgboost';

async function measure(engine: Engine, threads: number, folder: string, task: Task): Promise<Figures> {
  const { name, rows, features, test } = task;
  const args = [folder, name, ...[rows, features, test, TREES, threads].map(String)];
  const [program, script] =
    engine === 'ours'
      ? [join(here, '..', '..', 'node_modules', '.bin', 'tsx'), 'ours.ts']
      : [PYTHON, 'xgboost_peer.py'];
  const { stdout } = await promisify(execFile)(program, [join(here, script), ...args]);
  return JSON.parse(stdout) as Figures;
}

/** What the machine itself has to give: two trainings that know nothing of each other, at the same time. */
async function measureTwo(folder: string, task: Task): Promise<Figures> {
  return median(await Promise.all([1, 2].map(() => measure('ours', 1, folder, task))));
}

function median(figures: readonly Figures[]): Figures {
  const of = (name: keyof Figures): number => medianOf(figures.map((each) => each[name]));
  return {
    train_wall: of('train_wall'),
    train_cpu: of('train_cpu'),
    predict_wall: of('predict_wall'),
    predict_cpu: of('predict_cpu'),
    peak_mb: of('peak_mb'),
    loss: of('loss'),
  };
}

const over = (a: Figures, b: Figures): Figures => ({
  train_wall: a.train_wall / b.train_wall,
  train_cpu: a.train_cpu / b.train_cpu,
  predict_wall: a.predict_wall / b.predict_wall,
  predict_cpu: a.predict_cpu / b.predict_cpu,
  peak_mb: a.peak_mb / b.peak_mb,
  loss: a.loss / b.loss,
});

async function taskRows(
  task: Task,
  engines: readonly Engine[],
  rounds: number,
  seed: number,
): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-trees-'));
  const about = { task: task.name, rows: task.rows, features: task.features };
  try {
    writeTask(folder, task, seed);
    const jobs = THREADS.flatMap((threads) =>
      engines.map((engine) => ({ engine, threads, figures: [] as Figures[] })),
    );
    const twice: Figures[] = [];
    for (let round = 0; round < rounds; round++) {
      for (const { engine, threads, figures } of jobs)
        figures.push(await measure(engine, threads, folder, task));
      twice.push(await measureTwo(folder, task));
    }
    const medians = jobs.map(({ engine, threads, figures }) => ({ engine, threads, own: median(figures) }));
    const of = (engine: Engine, threads: number): Figures | undefined =>
      medians.find((job) => job.engine === engine && job.threads === threads)?.own;
    const ratios = THREADS.flatMap((threads) => {
      const [ours, peer] = [of('ours', threads), of('xgboost', threads)];
      return ours && peer ? [{ ...about, engine: 'ours over xgboost', threads, ...over(ours, peer) }] : [];
    });
    const [alone, both] = THREADS.map(
      (threads) => jobs.find((job) => job.engine === 'ours' && job.threads === threads)!.figures,
    );
    return [
      ...medians.map(({ engine, threads, own }) => ({ ...about, engine, threads, ...own })),
      { ...about, engine: 'ours, two processes at once', threads: 1, ...median(twice) },
      {
        ...about,
        engine: 'ours, one thread over two',
        threads: 2,
        ...median(alone!.map((figures, round) => over(figures, both![round]!))),
      },
      {
        ...about,
        engine: 'ours, twice one thread over two processes at once',
        threads: 2,
        ...median(
          alone!.map((figures, round) => {
            const ratio = over(figures, twice[round]!);
            return { ...ratio, train_wall: 2 * ratio.train_wall, predict_wall: 2 * ratio.predict_wall };
          }),
        ),
      },
      ...ratios,
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function run({ quick, seed }: RunOptions): Promise<Result> {
  const peer = hasPeer();
  const engines: Engine[] = peer ? ['ours', 'xgboost'] : ['ours'];
  const rows: Row[] = [];
  for (const task of TASKS) {
    const { rows: many, test } = task;
    const own = quick ? { ...task, rows: many / 10, test: test / 10 } : task;
    rows.push(...(await taskRows(own, engines, quick ? 1 : ROUNDS, seed)));
  }
  return {
    claim: 'Trees train in about half of XGBoost’s time, in less memory, with no greater loss.',
    rows,
    notes: [
      'Median of 5 rounds in turns, each in a process of its own; 100 trees of 63 leaves, learning rate 0.1, 255 bins, lambda 1, min hessian 1. Training is from columns in memory to the model, binning included; prediction is of all training rows.',
      'Two processes at once know nothing of each other: where each then takes longer than one alone, cores share what they work with, and two threads can be no more than 2 × alone / at once as fast as one. Ratios of ours to ours are medians of those within each round, as the machine changes its pace from round to round.',
      'loss: RMSE, or logloss, on rows held out. peak_mb: of the process after training, the table itself included in both.',
      ...(peer ? [] : ['XGBoost is not here (apt-get install python3-xgboost): only ours was timed.']),
    ],
  };
}
