// How to read the report: its few terms, each in a sentence or two.
import type { Section } from './page.ts';
import type { Report } from './report.ts';
import { horizonText, repeating } from './words.ts';

export function readingSection(report: Report): Section {
  const { panel, forecast, season_length = panel.freq.seasons[0] ?? 1 } = report;
  const period = horizonText(forecast.freq, 1);
  const rule = repeating(forecast.freq, season_length);
  const terms: [term: string, meaning: string][] = [
    [
      'Expected',
      'The average of what may happen. Half-units are no mistake: a product that sells every other day is expected to sell 0.5 a day. Only expected values may be added up.',
    ],
    [
      'Range',
      `In 80 of 100 ${period}s the figure should fall inside the 80% range; one time in ten it is above, one time in ten below. To be stocked nine times out of ten, plan with its upper end. Ranges of several ${period}s or products must not be added up: their chances partly cancel.`,
    ],
    [
      'Off by (WAPE)',
      'All misses added up, high or low, over everything that was observed. Fine detail looks worse than it is: misses of single products cancel in the total.',
    ],
    [
      'Scaled error (MASE)',
      'The average miss of a series over the average miss of the seasonal rule on its own past, averaged over the series: large series do not drown small ones. “Better than the yardstick” compares these.',
    ],
    [
      'The yardstick',
      `The rule that costs nothing, ${rule} (seasonal-naive). A forecast that does not beat it is not worth having, so it stands beside every score.`,
    ],
    [
      'What it cannot know',
      'It continues what the history shows. Whatever has never happened in these data, such as a new competitor, a moved campaign or a delivery that fails, is in neither the forecast nor its range.',
    ],
  ];
  return {
    id: 'reading',
    title: 'How to read this',
    html: `<dl class="terms">${terms.map(([term, meaning]) => `<div><dt>${term}</dt><dd>${meaning}</dd></div>`).join('')}</dl>`,
  };
}
