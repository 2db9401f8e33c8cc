// Our trees beside XGBoost's: time, memory and held-out loss on made-up tables, in turns, each in a process of its own.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { medianOf, type Result, type Row, type RunOptions } from '../harness.ts';
import { type Task, writeTask } from './data.ts';

const here = dirname(fileURLToPath(import.meta.url));
const TASKS: readonly Task[] = [
  { name: 'regression', rows: 1_000_000, features: 40, test: 200_000 },
  { name: 'classification', rows: 200_000, features: 30, test: 50_000 },
];
const ROUNDS = 3;
const TREES = 100;

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

const ENGINES: Readonly<Record<string, (folder: string, task: Task) => [string, string[]]>> = {
  ours: (folder, { name, rows, features, test }) => [
    join(here, '..', '..', 'node_modules', '.bin', 'tsx'),
    [join(here, 'ours.ts'), folder, name, ...[rows, features, test, TREES].map(String)],
  ],
  xgboost: (folder, { name, rows, features, test }) => [
    PYTHON,
    [join(here, 'xgboost_peer.py'), folder, name, ...[rows, features, test, TREES, 1].map(String)],
  ],
};

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

function taskRows(task: Task, engines: readonly string[], rounds: number, seed: number): Row[] {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-trees-'));
  try {
    writeTask(folder, task, seed);
    const measured = new Map<string, Figures[]>(engines.map((engine) => [engine, []]));
    for (let round = 0; round < rounds; round++) {
      for (const engine of engines) {
        const [program, args] = ENGINES[engine]!(folder, task);
        const out = execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
        measured.get(engine)!.push(JSON.parse(out) as Figures);
      }
    }
    const [own, ...peers] = engines.map((engine) => median(measured.get(engine)!));
    const about = { task: task.name, rows: task.rows, features: task.features };
    const rows: Row[] = engines.map((engine) => ({
      ...about,
      engine,
      threads: 1,
      ...median(measured.get(engine)!),
    }));
    for (const peer of peers) {
      rows.push({
        ...about,
        engine: 'ratio',
        threads: 1,
        train_wall: own!.train_wall / peer.train_wall,
        train_cpu: own!.train_cpu / peer.train_cpu,
        predict_wall: own!.predict_wall / peer.predict_wall,
        predict_cpu: own!.predict_cpu / peer.predict_cpu,
        peak_mb: own!.peak_mb / peer.peak_mb,
        loss: own!.loss / peer.loss,
      });
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function run({ quick, seed }: RunOptions): Promise<Result> {
  const peer = hasPeer();
  const engines = peer ? ['ours', 'xgboost'] : ['ours'];
  const rows = TASKS.flatMap((task) =>
    quick
      ? taskRows({ ...task, rows: task.rows / 10, test: task.test / 10 }, engines, 1, seed)
      : taskRows(task, engines, ROUNDS, seed),
  );
  return {
    claim: 'Trees train in half of XGBoost’s time, in less memory, with no greater loss.',
    rows,
    notes: [
      'Median of 3 rounds in turns, one thread, each in a process of its own; 100 trees of 63 leaves, learning rate 0.1, 255 bins, lambda 1, min hessian 1. Training is from columns in memory to the model, binning included; prediction is of all training rows.',
      'loss: RMSE, or logloss, on rows held out. peak_mb: of the process after training, the table itself included in both.',
      ...(peer ? [] : ['XGBoost is not here (apt-get install python3-xgboost): only ours was timed.']),
    ],
  };
}
