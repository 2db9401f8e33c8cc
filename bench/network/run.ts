// Our networks beside PyTorch's and TensorFlow.js's: time of a step of training, prediction, memory, and whether the numbers
// are the same; in turns, each in a process of its own.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startOf } from '../../src/learn/network/parameters.ts';
import { medianOf, type Result, type Row, type RunOptions } from '../harness.ts';
import { parametersOf, tablesOf, WORKLOADS, type Workload } from './networks.ts';

const here = dirname(fileURLToPath(import.meta.url));
const PYTHON = '/usr/bin/python3';
const TSX = join(here, '..', '..', 'node_modules', '.bin', 'tsx');
const ROUNDS = 5;
const THREADS = [1, 2];
/** Gradients may be this many times as far from double precision as PyTorch's in single precision are. */
const MOST_ERROR = 3;
/** TensorFlow.js has no gradient of a dilated convolution, and layer normalisation would have to be written by hand. */
const IN_TFJS = ['lstm-50-twice', 'lstm-64-global', 'mlp'];
const TFJS_STEPS = 4;

interface Figures {
  readonly step_cpu: number;
  readonly step_wall: number;
  readonly predict_cpu?: number;
  readonly predict_wall?: number;
  readonly load_ms?: number;
  readonly peak_mb: number;
  readonly losses: readonly number[];
}

type Engine = 'ours' | 'pytorch';
const CHILDREN: Record<Engine, readonly [string, string]> = {
  ours: [TSX, 'ours.ts'],
  pytorch: [PYTHON, 'torch_peer.py'],
};

function child(program: string, script: string, args: readonly (string | number)[], threads = 1): string {
  return execFileSync(program, [join(here, script), ...args.map(String)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: `${threads}`, OPENBLAS_NUM_THREADS: `${threads}` },
  });
}

function measure(engine: Engine, folder: string, name: string, threads: number, steps: number): Figures {
  const [program, script] = CHILDREN[engine];
  return JSON.parse(child(program, script, [folder, name, threads, steps], threads)) as Figures;
}

function hasTorch(): boolean {
  try {
    execFileSync(PYTHON, ['-c', 'import torch'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Start, data and shapes, as the children read them. */
function write(folder: string, workload: Workload, seed: number): void {
  const parameters = parametersOf(workload);
  const { x, y } = tablesOf(workload, seed);
  const files = { x, y, theta: startOf(parameters, seed) };
  for (const [name, values] of Object.entries(files)) writeFileSync(join(folder, `${name}.bin`), values);
  const shapes = {
    x: [workload.batch, ...workload.x],
    y: [workload.batch, ...workload.y],
    parameters: parameters.map(({ shape }) => shape),
  };
  writeFileSync(join(folder, 'shapes.json'), JSON.stringify(shapes));
}

/** ‖a − b‖ / ‖b‖. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [apart, size] = [0, 0];
  for (let k = 0; k < b.length; k++) {
    apart += (a[k]! - b[k]!) ** 2;
    size += b[k]! ** 2;
  }
  return Math.sqrt(apart / size);
}

/** How far gradients at the start are from PyTorch's in double precision: ours, and its own in single precision. */
function gradientErrors(folder: string, name: string): { ours: number; pytorch: number } {
  for (const [program, script] of Object.values(CHILDREN)) child(program, script, [folder, name, 1, 0]);
  const read = (file: string): ArrayBuffer => new Uint8Array(readFileSync(join(folder, file))).buffer;
  const exact = new Float64Array(read('gradient_double.bin'));
  return {
    ours: distance(new Float32Array(read('gradient.bin')), exact),
    pytorch: distance(new Float64Array(read('gradient_single.bin')), exact),
  };
}

function median(figures: readonly Figures[]): Omit<Figures, 'losses'> {
  const names = ['step_cpu', 'step_wall', 'predict_cpu', 'predict_wall', 'load_ms', 'peak_mb'] as const;
  return Object.fromEntries(
    names.flatMap((name) => {
      const values = figures.flatMap((each) => each[name] ?? []);
      return values.length > 0 ? [[name, medianOf(values)]] : [];
    }),
  ) as unknown as Omit<Figures, 'losses'>;
}

/** The largest difference between losses of the same step, relative to their size. */
const apart = (a: Figures, b: Figures): number =>
  Math.max(...a.losses.map((loss, k) => Math.abs(loss - b.losses[k]!) / Math.abs(b.losses[k]!)));

function compared(
  workload: Workload,
  quick: boolean,
  seed: number,
  peer: boolean,
): { rows: Row[]; failed: boolean } {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-network-'));
  const { name, most } = workload;
  const engines: Engine[] = peer ? ['ours', 'pytorch'] : ['ours'];
  const steps = quick ? 12 : Math.max(12, workload.steps);
  try {
    write(folder, workload, seed);
    const jobs = THREADS.flatMap((threads) =>
      engines.map((engine) => ({ engine, threads, figures: [] as Figures[] })),
    );
    for (let round = 0; round < (quick ? 1 : ROUNDS); round++) {
      for (const { engine, threads, figures } of jobs)
        figures.push(measure(engine, folder, name, threads, steps));
    }
    const rows: Row[] = jobs.map(({ engine, threads, figures }) => ({
      network: name,
      engine,
      threads,
      ...median(figures),
    }));
    if (!peer) return { rows, failed: false };
    const errors = gradientErrors(folder, name);
    const losses_apart = apart(jobs[0]!.figures[0]!, jobs[1]!.figures[0]!);
    let failed = errors.ours > MOST_ERROR * errors.pytorch || losses_apart > 1e-4;
    for (const threads of THREADS) {
      const [ours, theirs] = engines.map((engine) =>
        median(jobs.find((job) => job.engine === engine && job.threads === threads)!.figures),
      ) as [Required<Figures>, Required<Figures>];
      const step_cpu = ours.step_cpu / theirs.step_cpu;
      failed ||= threads === 1 && !quick && step_cpu > most;
      rows.push({
        network: name,
        engine: 'ours over pytorch',
        threads,
        step_cpu,
        step_wall: ours.step_wall / theirs.step_wall,
        predict_cpu: ours.predict_cpu / theirs.predict_cpu,
        predict_wall: ours.predict_wall / theirs.predict_wall,
        peak_mb: ours.peak_mb / theirs.peak_mb,
        ...(threads === 1
          ? { wanted: most, gradient_error: errors.ours / errors.pytorch, losses_apart }
          : {}),
      });
    }
    return { rows, failed };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Installs TensorFlow.js in a folder of its own; undefined where it cannot be had. */
function installTfjs(folder: string): string | undefined {
  const packages = join(folder, 'packages');
  mkdirSync(packages);
  writeFileSync(join(packages, 'package.json'), '{}');
  const wanted = ['@tensorflow/tfjs@4.22.0', '@tensorflow/tfjs-backend-wasm@4.22.0'];
  try {
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...wanted], {
      cwd: packages,
      stdio: 'ignore',
    });
    return packages;
  } catch {
    return undefined;
  }
}

/** Rows of TensorFlow.js, each with how much longer it takes than ours did. */
function tfjsRows(rows: readonly Row[], seed: number): Row[] {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-tfjs-'));
  try {
    const packages = installTfjs(folder);
    if (!packages) return [];
    return WORKLOADS.filter(({ name }) => IN_TFJS.includes(name)).map((workload) => {
      const { name } = workload;
      write(folder, workload, seed);
      const own = JSON.parse(
        child(process.execPath, 'tfjs_peer.mjs', [folder, name, TFJS_STEPS, packages]),
      ) as Figures;
      const ours = rows.find(
        ({ network, engine, threads }) => network === name && engine === 'ours' && threads === 1,
      )!;
      const { step_cpu, step_wall, peak_mb } = own;
      const times_ours = step_cpu / (ours.step_cpu as number);
      return { network: name, engine: 'tfjs wasm', threads: 1, step_cpu, step_wall, peak_mb, times_ours };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function run({ quick, seed, rest }: RunOptions): Promise<Result> {
  const peer = hasTorch();
  const chosen = WORKLOADS.filter(({ name }) => rest.length === 0 || rest.includes(name));
  const parts = chosen.map((workload) => compared(workload, quick, seed, peer));
  const rows = parts.flatMap((part) => part.rows);
  const tfjs = rest.length === 0 ? tfjsRows(rows, seed) : [];
  return {
    claim:
      'On one core networks train within a tenth of PyTorch’s time, recurrent ones in half to four fifths of it, with gradients as exact as its own, and ten times as fast as TensorFlow.js.',
    rows: [...rows, ...tfjs],
    notes: [
      `Milliseconds of a step, of one prediction and of preparing a saved network; medians of ${ROUNDS} rounds in turns, each in a process of its own, of the median step of a round. Squared errors, Adam; the same start, data and order.`,
      'gradient_error: distance of our gradient at the start from PyTorch’s in double precision over that of PyTorch’s in single precision. losses_apart: the largest relative difference of losses over 10 steps. peak_mb: of the whole process after training.',
      'On two threads PyTorch was slower than on one, on cores that other work used too; why was not looked into. Read those rows as what happens on a busy machine, not as the speed of either on a quiet one.',
      ...(peer
        ? []
        : ['PyTorch is not here (apt-get install python3-torch libopenblas0-pthread): only ours was timed.']),
      ...(rest.length > 0 || tfjs.length > 0 ? [] : ['TensorFlow.js could not be installed.']),
    ],
    failed: parts.some(({ failed }) => failed) || tfjs.some(({ times_ours }) => (times_ours as number) < 10),
  };
}
