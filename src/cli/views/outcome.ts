// What a forecast amounts to, said in a few plain sentences.

import { periodName } from '../../core/frequency.ts';
import type { ScoreRow } from '../../evaluate/scores.ts';
import type { Outcome } from '../../pipeline.ts';
import type { Terminal } from '../terminal.ts';

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;

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
  const better = auto.skill >= 0 ? `${percent(auto.skill)} better` : `${percent(-auto.skill)} worse`;
  return [
    `On the last periods, which it had not seen, the forecast was off by ${percent(auto.wape)} of sales; ${rule} by ${percent(baseline.wape)}. Scaled by series (MASE ${auto.mase.toFixed(3)}) it is ${better}, and wins on ${percent(auto.win_rate)} of them.`,
    `Its 80 % intervals held ${percent(auto.coverage[80] ?? Number.NaN)} of what happened, its 95 % intervals ${percent(auto.coverage[95] ?? Number.NaN)}.`,
  ];
}

/** Says what was chosen, how good it is, and which series a fallback had to serve. */
export function tellOutcome({ scores, blend, forecast, season_length }: Outcome, terminal: Terminal): void {
  const { dim } = terminal.colours;
  for (const { segment, series, weights } of blend.segments) {
    const members = blend.models
      .map(({ model }, j) => ({ model, weight: weights[j]! }))
      .filter(({ weight }) => weight > 0.005)
      .sort((a, b) => b.weight - a.weight)
      .map(({ model, weight }) => (weight > 0.995 ? model : `${weight.toFixed(2)} ${model}`));
    terminal.say(`${segment}, ${series.toLocaleString('en')} series: ${members.join(' + ')}`);
  }
  for (const sentence of qualitySentences(scores, season_length)) terminal.say(sentence);
  const reasons = new Map<string, string[]>();
  for (const [i, reason] of forecast.fallback.entries()) {
    if (reason !== undefined) reasons.set(reason, [...(reasons.get(reason) ?? []), forecast.ids[i]!]);
  }
  const served = [...reasons.values()].reduce((total, ids) => total + ids.length, 0);
  if (served > 0) {
    terminal.say(`${served.toLocaleString('en')} series were served by a simpler model than the chosen one:`);
    for (const [reason, ids] of [...reasons].sort((a, b) => b[1].length - a[1].length).slice(0, 3)) {
      const more = ids.length > 1 ? ` and ${(ids.length - 1).toLocaleString('en')} more` : '';
      terminal.say(dim(`  series "${ids[0]}"${more}: ${reason}`));
    }
    if (reasons.size > 3)
      terminal.say(dim('  and others; --format json --output keeps the model of each series'));
  }
  terminal.say(
    dim(`${forecast.ids.length.toLocaleString('en')} series, ${periodName(forecast.freq, forecast.h)} ahead`),
  );
}
