// What a forecast amounts to, said in a few plain sentences.

import { periodName } from '../../core/frequency.ts';
import { formatPercent } from '../../core/number-text.ts';
import type { ScoreRow } from '../../evaluate/scores.ts';
import type { ForecastTable } from '../../forecast/forecast-table.ts';
import type { Outcome } from '../../pipeline.ts';
import type { Effort } from '../../select/effort.ts';
import type { Terminal } from '../terminal.ts';

/** Values below which shares, such as coverage, say next to nothing. */
const FEW_VALUES = 30;

/** How the forecast did on the window it had not seen, beside repeating the last season. */
export function qualitySentences(scores: readonly ScoreRow[], season: number): string[] {
  const of = (model: string): ScoreRow | undefined =>
    scores.find((row) => row.model === model && row.segment === 'all');
  const auto = of('auto');
  const baseline = of('seasonal-naive');
  if (!auto || !baseline || !(auto.cells > 0)) {
    return [
      'The series are too short to hold anything back, so nothing is known of how good the forecast is.',
    ];
  }
  const rule = season > 1 ? 'repeating the last season' : 'repeating the last value';
  const ahead = auto.skill >= 0;
  const wins = formatPercent(auto.win_rate);
  // An average can be better although most series are worse, and the other way round: both are said.
  const often =
    auto.win_rate >= 0.5 === ahead
      ? `and wins on ${wins}`
      : `though it wins on ${ahead ? 'only ' : ''}${wins}`;
  const better = ahead ? `${formatPercent(auto.skill)} better` : `${formatPercent(-auto.skill)} worse`;
  const values = auto.cells.toLocaleString('en');
  const verdict = [
    `On the last periods (${values} ${auto.cells === 1 ? 'value' : 'values'}), which it had not seen, the forecast was off by ${formatPercent(auto.wape)} of sales; ${rule} by ${formatPercent(baseline.wape)}. Scaled by series (MASE ${auto.mase.toFixed(3)}) it is ${better}${auto.series > 1 ? `, ${often} of them` : ''}.`,
    `Its 80% intervals held ${formatPercent(auto.coverage[80] ?? Number.NaN)} of what happened, its 95% intervals ${formatPercent(auto.coverage[95] ?? Number.NaN)}.`,
  ];
  return auto.cells < FEW_VALUES
    ? [...verdict, 'So few values prove little; a longer history or more series will tell.']
    : verdict;
}

/** What was tried on how many series, where not everything was tried on all. */
export function effortSentences({ wanted, budget, whole, dropped, segments }: Effort): string[] {
  if (whole) return [];
  const count = (value: number): string => Math.round(value).toLocaleString('en');
  const total = segments.reduce((sum, { series }) => sum + series, 0);
  const piloted = segments.reduce((sum, { pilot }) => sum + pilot, 0);
  const why =
    wanted > budget
      ? `Trying every model on every series would take ${count(wanted)} s of nominal work, and the budget is ${count(budget)} s`
      : 'Trying every model on every series at once would take too much memory';
  const left = dropped.length > 0 ? [`Too costly, and left out: ${dropped.join(', ')}.`] : [];
  const narrowed = segments.filter(({ tried, shortlist }) => shortlist.length < tried.length);
  const then =
    narrowed.length > 0
      ? 'and only what was of use there was tried on the others (a larger --budget tries more):'
      : 'and weights and intervals were learned there.';
  return [
    `${why}: ${piloted < total ? `they were tried on a sample of ${count(piloted)} of ${count(total)} series, ${then}` : 'some were left out.'}`,
    ...narrowed
      .filter(({ series, pilot }) => pilot < series)
      .map(
        ({ segment, series, pilot, shortlist }) =>
          `  ${segment}: all on ${count(pilot)}, ${shortlist.join(', ')} on ${count(series - pilot)}`,
      ),
    ...left,
  ];
}

interface Reason {
  readonly reason: string;
  /** What served the first of the series. */
  readonly model: string;
  readonly ids: string[];
}

/** Why fallbacks served, with the ids of the series, most first; reasons that differ in a date or a count alone are one. */
function reasonsOf({ fallback, ids, model }: ForecastTable): Reason[] {
  const found = new Map<string, Reason>();
  for (const [i, reason] of fallback.entries()) {
    if (reason === undefined) continue;
    const kind = reason.replaceAll(/\d[\d:T-]*/g, '');
    const known = found.get(kind);
    if (known) known.ids.push(ids[i]!);
    else found.set(kind, { reason, model: model[i]!, ids: [ids[i]!] });
  }
  return [...found.values()].sort((a, b) => b.ids.length - a.ids.length);
}

/** Says what was chosen, how good it is, and which series a fallback had to serve. */
export function tellOutcome(
  { scores, blend, effort, forecast, season_length }: Outcome,
  terminal: Terminal,
): void {
  const { dim } = terminal.colours;
  for (const sentence of effortSentences(effort)) terminal.say(sentence);
  for (const { segment, series, weights } of blend.segments) {
    const members = blend.models
      .map(({ model }, j) => ({ model, weight: weights[j]! }))
      .filter(({ weight }) => weight > 0.005)
      .sort((a, b) => b.weight - a.weight)
      .map(({ model, weight }) => (weight > 0.995 ? model : `${weight.toFixed(2)} ${model}`));
    terminal.say(`${segment}, ${series.toLocaleString('en')} series: ${members.join(' + ')}`);
  }
  for (const sentence of qualitySentences(scores, season_length)) terminal.say(sentence);
  const reasons = reasonsOf(forecast);
  const served = reasons.reduce((total, { ids }) => total + ids.length, 0);
  if (served > 0) {
    const were = served === 1 ? 'was' : 'were';
    terminal.say(
      `${served.toLocaleString('en')} series ${were} served by a simpler model than the chosen one:`,
    );
    for (const { reason, model, ids } of reasons.slice(0, 3)) {
      const more = ids.length > 1 ? ` and ${(ids.length - 1).toLocaleString('en')} more` : '';
      terminal.say(dim(`  series "${ids[0]}"${more}: ${reason}; served by ${model}`));
    }
    if (reasons.length > 3) terminal.say(dim('  and others; --show-model names the model of each series'));
  }
  terminal.say(
    dim(`${forecast.ids.length.toLocaleString('en')} series, ${periodName(forecast.freq, forecast.h)} ahead`),
  );
}
