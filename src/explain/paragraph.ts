// An explanation in one paragraph of plain words.
import { type Frequency, periodName } from '../core/frequency.ts';
import { formatChange, formatNumber, plural } from '../core/number-text.ts';
import { AND } from './coinciding.ts';
import { PARTS, type PartName } from './contributions.ts';
import type { ExplainedChange, ExplainedDriver, Explanation } from './explanation.ts';

const NAMES: Readonly<Record<PartName, string>> = {
  level: 'the level',
  trend: 'the trend',
  seasonal: 'the season',
  regressors: 'known columns and holidays',
  limits: 'limits (nothing below zero, closed days)',
};
/** Of the whole: what is less is not worth a word. */
const WORTH = 0.005;
/** Columns that are named. */
const COLUMNS = 3;
/** Of its largest effect: where a column does less, it is not felt. */
const FELT = 0.2;

const signed = (value: number): string => `${value > 0 ? '+' : ''}${formatNumber(value)}`;

/** "1 day", "13 days". */
const span = (freq: Frequency, count: number): string =>
  count === 1 ? `1 ${periodName(freq)}` : periodName(freq, count);

function listed(phrases: readonly string[]): string {
  if (phrases.length < 2) return phrases.join('');
  return `${phrases.slice(0, -1).join(', ')} and ${phrases.at(-1)}`;
}

/** The parts that matter, the greatest first, each with what it adds. */
function moves(
  parts: Readonly<Record<PartName, number>>,
  scale: number,
  leaving: PartName | undefined,
): string {
  const worth = PARTS.filter((name) => name !== leaving && Math.abs(parts[name]) > WORTH * scale);
  worth.sort((a, b) => Math.abs(parts[b]) - Math.abs(parts[a]));
  return listed(worth.map((name) => `${NAMES[name]} ${signed(parts[name])}`));
}

/** The periods in which a column is felt, where these are not all of them. */
function when({ values }: ExplainedDriver, ds: readonly string[]): string {
  const least = FELT * values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const felt = [...values.keys()].filter((s) => Math.abs(values[s]!) >= least);
  const [first, last] = [felt[0], felt.at(-1)];
  if (first === undefined || last === undefined || last - first > ds.length - 2) return '';
  return first === last ? ` (${ds[first]})` : ` (${ds[first]} to ${ds[last]})`;
}

/**
 * The columns that matter most, by name, each against the forecast with the column as usual. Those that are felt in the very same
 * periods are told together: which of a promotion and its price moved sales, models often cannot know.
 */
function columns({ drivers = [], total, ds }: Explanation): string {
  const least = WORTH * Math.abs(total.mean);
  const found = new Map<string, { names: string[]; total: number; span: string }>();
  for (const own of drivers) {
    if (own.part !== 'regressors' || Math.abs(own.total) <= least) continue;
    const span = when(own, ds);
    const key = span === '' ? own.name : span;
    const { names, total: sum } = found.get(key) ?? { names: [], total: 0 };
    const all = [...new Set([...names, ...own.name.split(AND)])];
    found.set(key, { names: all, total: sum + own.total, span });
  }
  const worth = [...found.values()].filter((own) => Math.abs(own.total) > least);
  worth.sort((a, b) => Math.abs(b.total) - Math.abs(a.total));
  if (worth.length === 0) return '';
  const told = worth.slice(0, COLUMNS).map((own) => {
    const together = own.names.length > 1 ? ' together' : '';
    return `${listed(own.names)}${together} ${signed(own.total)}${own.span}`;
  });
  return ` Against what is usual, ${listed(told)}.`;
}

/** When the season is at its height and its low, where it has any. */
function season({ parts, ds, total }: Explanation): string {
  const { seasonal } = parts;
  const size = Math.abs(total.mean) / ds.length;
  const [most, least] = [Math.max(...seasonal), Math.min(...seasonal)];
  if (ds.length < 2 || most - least < 0.05 * size) return '';
  const [high, low] = [ds[seasonal.indexOf(most)]!, ds[seasonal.indexOf(least)]!];
  return ` The season is at its height on ${high} (${signed(most)}) and lowest on ${low} (${signed(least)}).`;
}

function changed(
  { run, from, to, before, now, parts, seen, periods }: ExplainedChange,
  freq: Frequency,
): string {
  const dates = from === to ? from : `${from} to ${to}`;
  const learned = seen
    ? ` Since then ${span(freq, seen.periods)} ${seen.periods === 1 ? 'was' : 'were'} seen: ` +
      `${formatNumber(seen.observed)} where ${formatNumber(seen.expected)} had been expected.`
    : '';
  const scale = Math.max(Math.abs(before), Math.abs(now));
  if (Math.abs(now - before) <= WORTH * scale) {
    return ` Run ${run} said the same for ${dates} (${formatNumber(before)}).${learned}`;
  }
  const why = moves(parts, scale, undefined);
  return (
    ` For ${dates} (${span(freq, periods)}) run ${run} had said ${formatNumber(before)}; it is ${formatNumber(now)} now ` +
    `(${before > 0 ? formatChange(now / before - 1) : signed(now - before)})${why === '' ? '' : `: ${why}`}.${learned}`
  );
}

/** What is expected, against what was, what it is made of, and what changed, in one paragraph. */
export function paragraph(explanation: Explanation, freq: Frequency): string {
  const { unique_id, series, ended, target, ds, total, past, model, change } = explanation;
  const who = unique_id ?? `All ${plural(series, 'series', 'series')} together`;
  const against =
    past && past.total > 0
      ? `, ${formatChange(total.mean / past.total - 1)} against the ${formatNumber(past.total)} of the last ${periodName(freq, past.periods)}`
      : '';
  const unit = /^(y|target|qty|quantity)?$/i.test(target.trim()) ? 'units' : target.trim();
  const others = moves(total.parts, Math.abs(total.mean), 'level');
  const made =
    ` The level alone would give ${formatNumber(total.parts.level)}` +
    (others === '' ? '; nothing else matters.' : `; ${others}.`);
  return (
    `${who}: ${formatNumber(total.mean)} ${unit} expected in ${span(freq, ds.length)} (${ds[0]} to ${ds.at(-1)})${against}.` +
    made +
    columns(explanation) +
    season(explanation) +
    (change ? changed(change, freq) : '') +
    (ended
      ? ` ${plural(ended, 'series that ended earlier is', 'series that ended earlier are')} left out.`
      : '') +
    (model ? ` Made by ${model}.` : '')
  );
}
