// From the Walmart file to a 39-week forecast with backtest: wall time on one and on two threads, and memory.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readFiles } from '../../src/collect/files.ts';
import { forecastPrepared } from '../../src/pipeline.ts';
import { prepare } from '../../src/prepare/prepare.ts';
import { threads } from '../../src/run/threads.ts';
import { cpuSeconds, medianOf, peakMemory, type Result, type Row, type Run } from '../harness.ts';
import { DATA } from '../m-competitions.ts';

const LIMIT_SECONDS = 120;
const LIMIT_MEGABYTES = 2000;

export const run: Run = async ({ seed, quick }): Promise<Result> => {
  const file = join(DATA, 'forecast/walmart_train.csv.gz');
  const rounds = quick ? 1 : 3;
  const wall = new Map<number, number[]>([
    [1, []],
    [2, []],
  ]);
  const cpu = new Map<number, number[]>([
    [1, []],
    [2, []],
  ]);
  const hashes = new Set<string>();
  let reading = 0;
  let series = 0;
  for (let round = 0; round < rounds; round++) {
    // Interleaved, so that a busy minute of the machine falls on both.
    for (const count of round % 2 === 0 ? [2, 1] : [1, 2]) {
      const since = process.cpuUsage();
      const began = performance.now();
      const prepared = prepare(await readFiles(file));
      reading = (performance.now() - began) / 1000;
      const executor = threads(count);
      const { forecast } = await forecastPrepared(prepared, { h: 39, seed, executor });
      await executor.close();
      wall.get(count)!.push((performance.now() - began) / 1000);
      cpu.get(count)!.push(cpuSeconds(since));
      series = forecast.ids.length;
      const hash = createHash('sha256');
      for (const column of [forecast.mean, ...forecast.quantiles]) hash.update(new Uint8Array(column.buffer));
      hashes.add(hash.digest('hex'));
    }
  }
  const [one, two] = [medianOf(wall.get(1)!), medianOf(wall.get(2)!)];
  const rows: Row[] = [1, 2].map((count) => ({
    threads: count,
    series,
    read_and_prepare_s: reading,
    wall_s: medianOf(wall.get(count)!),
    cpu_s: medianOf(cpu.get(count)!),
    speed_up: one / medianOf(wall.get(count)!),
  }));
  const memory = peakMemory();
  return {
    claim: `421,570 rows become a 39-week forecast with backtest in under ${LIMIT_SECONDS} s and ${LIMIT_MEGABYTES} MB; two threads are 1.7 × one, with the same bytes.`,
    rows,
    notes: [
      `Peak memory ${memory} MB; bytes ${hashes.size === 1 ? 'identical' : 'DIFFER'} over ${2 * rounds} runs.`,
      'Wall times of interleaved runs, median; a machine that is busy with other work shows less than the real speed-up.',
    ],
    failed: hashes.size > 1 || two > LIMIT_SECONDS || memory > LIMIT_MEGABYTES,
  };
};
