// Boosted trees and the whole way on the M5: its upper levels by day, its bottom by month, and a chain ten times as large by day.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Result, Row, RunOptions } from '../harness.ts';
import { DATA } from '../m-competitions.ts';
import { forecasters } from './models.ts';

const here = dirname(fileURLToPath(import.meta.url));

/** Peak memory and CPU seconds that a chain of 30,000 products may take. */
const MOST_MB = 6000;
const MOST_CPU_SECONDS = 360;
const LEAST_FEATURES = 40;

/** Each forecaster in a process of its own, one after the other. */
function measured(part: string, seed: number, quick: boolean): Row[] {
  const tsx = join(here, '..', '..', 'node_modules', '.bin', 'tsx');
  return Object.keys(forecasters(quick)[part]!).map((model) => {
    const out = execFileSync(tsx, [join(here, 'once.ts'), part, model, String(seed), String(quick)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return JSON.parse(out) as Row;
  });
}

/** WRMSSE of levels 1 to 9 as the organisers published them for d_1914 … d_1941. */
function published(): Row[] {
  const rowsOf = (file: string, of: Readonly<Record<string, string>>): Row[] =>
    readFileSync(join(DATA, '..', 'reference', 'published', file), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.trim().split(','))
      .filter(([name]) => name! in of)
      .map(([name, ...errors]) => ({
        part: 'levels',
        model: `${of[name!]}, published: later days, weighted`,
        ...Object.fromEntries(errors.slice(0, 9).map((error, k) => [`L${k + 1}`, Number(error)])),
      }));
  return [
    ...rowsOf('m5_official_top50_wrmsse_by_level.csv', { YJ_STU: 'winner' }),
    ...rowsOf('m5_official_benchmarks_wrmsse_by_level.csv', {
      sNaive: 'sNaive',
      ES_bu: 'ES bottom-up',
    }),
  ];
}

/** Rows of the other parts as they were last measured here. */
function kept(parts: readonly string[]): Row[] {
  const file = join(here, 'result.json');
  if (!existsSync(file)) return [];
  const { rows } = JSON.parse(readFileSync(file, 'utf8')) as Result;
  return rows.filter(({ part }) => !parts.includes(String(part)));
}

const PARTS = Object.keys(forecasters(true));

/** `npm run bench -- m5 [levels] [monthly] [large]`; parts that are not asked for keep the rows of the last result. */
export async function run({ seed, quick, rest }: RunOptions): Promise<Result> {
  const parts = rest.length > 0 ? PARTS.filter((part) => rest.includes(part)) : PARTS;
  const fresh = parts.flatMap((part) => [
    ...measured(part, seed, quick),
    ...(part === 'levels' ? published() : []),
  ]);
  const place = ({ part }: Row): number => PARTS.indexOf(String(part));
  const rows = [...fresh, ...(quick ? [] : kept(parts))].sort((a, b) => place(a) - place(b));
  const of = (part: string, model: string, column: string): number =>
    Number(
      rows.find((row) => row.part === part && String(row.model).startsWith(model))?.[column] ?? Number.NaN,
    );
  const isWorse = (part: string): boolean =>
    of(part, 'boosted', 'rmsse') >= of(part, 'seasonal naive', 'rmsse') ||
    of(part, 'auto', 'rmsse') >= of(part, 'seasonal naive', 'rmsse');
  return {
    claim:
      'Boosted trees serve the M5 by day and by month, and a chain of 30,000 products by day, with the memory of a desk computer.',
    rows,
    failed:
      PARTS.some(isWorse) ||
      of('large', 'boosted', 'peak_mb') > MOST_MB ||
      of('large', 'boosted', 'cpu_s') > MOST_CPU_SECONDS ||
      of('large', 'boosted', 'features') < LEAST_FEATURES,
    notes: [
      'levels: RMSSE, each series alike, on d_1886 … d_1913. Published: WRMSSE, weighed by sales in dollars, on d_1914 … d_1941; not the same measure.',
      'monthly: three months to March 2016. rmsse is the mean over series with a scale; wape and bias are over all cells together.',
      'CPU and wall seconds are those of fitting and forecasting, wall seconds on a machine that others used too; peak memory is that of the whole process, the data included.',
    ],
  };
}
