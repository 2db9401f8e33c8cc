// The report's recurring words: periods, horizons, models and segments as a reader says them.
import { type Frequency, periodName } from '../core/frequency.ts';
import { shorten } from './html.ts';

/** "28 days", or "day" for one. */
export const horizonText = (freq: Frequency, h: number): string => periodName(freq, h);

/** What the seasonal naive does, said without the term: "repeating last week". */
export function repeating(freq: Frequency, season_length: number): string {
  const periods = season_length * freq.multiple;
  if (season_length <= 1) return 'repeating the last value';
  if (freq.unit === 'day' && periods === 7) return 'repeating last week';
  if (freq.unit === 'business-day' && periods === 5) return 'repeating last week';
  if (freq.unit === 'hour' && periods === 24) return 'repeating yesterday';
  if (freq.unit === 'hour' && periods === 168) return 'repeating last week';
  const yearly: Partial<Record<Frequency['unit'], number>> = { day: 365, week: 52, month: 12, quarter: 4 };
  if (yearly[freq.unit] === periods) return 'repeating last year';
  return `repeating the last ${periodName(freq, season_length)}`;
}

/** The noun of the target after an amount: its name, or "units" where the name says nothing. */
export function unitOf(target: string): string {
  const name = target.trim();
  return /^(y|target|qty|quantity)?$/i.test(name) ? 'units' : shorten(name, 40);
}

const SEGMENTS: Readonly<Record<string, string>> = {
  smooth: 'sells in most periods, in steady amounts',
  erratic: 'sells in most periods, in very different amounts',
  intermittent: 'sells now and then, in similar amounts',
  lumpy: 'sells now and then, in very different amounts',
};

/** What a segment's name means, where it is one of Syntetos and Boylan's classes. */
export const segmentMeaning = (segment: string): string | undefined => SEGMENTS[segment.toLowerCase()];

/** A model's name for readers: what was used and the yardstick are marked as such. */
export function modelTitle(model: string): { name: string; role: string } {
  if (model === 'auto') return { name: 'auto', role: 'what this forecast uses' };
  if (model === 'seasonal-naive') return { name: 'seasonal-naive', role: 'the yardstick' };
  return { name: model, role: '' };
}
