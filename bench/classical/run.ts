// Classical models beside R's and statsforecast's: accuracy on their samples, on all of M3 and on M4 weekly, and speed.
import type { Result, Row, RunOptions } from '../harness.ts';
import { m3Rows, weeklyRows } from './accuracy.ts';
import { twinsOf } from './peers.ts';
import { runSample, sampleOf, scoreSample } from './samples.ts';
import { COMPARED, speedRows } from './speed.ts';

const SAMPLES = ['m3-yearly', 'm3-quarterly', 'm3-monthly', 'm4-weekly', 'nn5-daily'];
const PARTS = ['samples', 'm3', 'weekly', 'speed'];
/** What a model may be worse by and still count as level, in points of sMAPE. */
const LEVEL = 0.1;

/** Our models on the samples beside their twins, each twin on the series it was run on. */
function sampleRows(quick: boolean): Row[] {
  const rows: Row[] = [];
  for (const sample of SAMPLES) {
    const all = sampleOf(sample).filter((_, i) => !quick || i < 20);
    for (const model of COMPARED) {
      const twins = twinsOf(sample, model).filter(({ n }) => n >= 100);
      if (twins.length === 0) continue;
      const { forecasts, ms, fallbacks } = runSample(sample, all, { model });
      // A peer that was cut short is compared on its own series.
      const worst = twins.map((twin) => {
        const n = Math.min(twin.n, all.length);
        return { twin, own: scoreSample(all.slice(0, n), forecasts.slice(0, n)) };
      });
      const { twin, own } = worst.reduce((a, b) =>
        b.own.smape - b.twin.smape > a.own.smape - a.twin.smape ? b : a,
      );
      rows.push({
        part: 'samples',
        sample,
        model,
        n: Math.min(twin.n, all.length),
        ...own,
        ms,
        fallbacks,
        peer: `${twin.peer} ${twin.model}`,
        peer_smape: twin.smape,
        peer_owa: twin.owa,
        level: own.smape <= twin.smape + LEVEL,
      });
    }
  }
  return rows;
}

export async function run({ quick, seed, rest }: RunOptions): Promise<Result> {
  const parts = rest.length > 0 ? rest : PARTS;
  const wanted = (part: string): boolean => parts.includes(part);
  const rows: Row[] = [];
  const notes = [
    'Samples: 300 random series (111 of NN5) with the peers’ own figures; the peer named is the one that comes closest to beating ours. level: no more than 0.1 sMAPE behind it.',
    'M3: all 3,003 series; sMAPE by group and over all series, MASE with the seasonal in-sample scale. The twelve best of what follows auto are shown.',
    'Whatever was chosen was chosen on M1, on the training parts, and on other retail data.',
  ];
  if (wanted('samples')) rows.push(...sampleRows(quick));
  const m3 = wanted('m3') ? await m3Rows(quick, seed) : [];
  const weekly = wanted('weekly') ? await weeklyRows(quick, seed) : [];
  rows.push(...m3, ...weekly);
  if (wanted('speed')) {
    const speed = speedRows(quick);
    rows.push(...speed.rows);
    notes.push(...speed.notes);
  }
  return {
    claim:
      'Classical models are as accurate as R’s and statsforecast’s and faster; the default forecast is ahead of every method published for M3, and of 0.75 OWA on M4 weekly.',
    rows,
    notes,
    failed: !quick && (Number(m3[0]?.smape ?? 0) > 12.4 || Number(weekly[0]?.owa ?? 0) >= 0.75),
  };
}
