// The profile of a panel as plain text for a terminal: what it holds, what was done to it, what will go wrong.
import pc from 'picocolors';
import { periodName } from '../../core/frequency.ts';
import { capital, plural } from '../../core/number-text.ts';
import type { Group, Profile } from '../../prepare/profile.ts';
import { INTERMITTENCY_CLASSES } from '../../prepare/segments.ts';

export interface ProfileViewOptions {
  /** Characters a line may have; defaults to 96, never below 60. */
  readonly columns?: number;
  /** Defaults to false. */
  readonly colour?: boolean;
}

const LABEL = 15;
const BAR = 24;

const whole = (n: number): string => Math.round(n).toLocaleString('en-US');

/** A number of at most three decimals, fewer the larger it is. */
function amount(n: number): string {
  const digits = Math.abs(n) >= 1000 ? 0 : Math.abs(n) >= 10 ? 1 : 3;
  return n.toLocaleString('en-US', { maximumFractionDigits: digits });
}

function percent(share: number): string {
  if (share > 0 && share < 0.001) return '< 0.1%';
  if (share < 1 && share > 0.999) return '> 99.9%';
  return `${(100 * share).toFixed(share < 0.1 || share > 0.99 ? 1 : 0).replace(/\.0$/, '')}%`;
}

const bar = (share: number): string => {
  const filled = share > 0 ? Math.max(1, Math.round(share * BAR)) : 0;
  return `${'█'.repeat(filled)}${'·'.repeat(BAR - filled)}`;
};

/** Breaks text into lines of at most `width` characters, at blanks. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}

const few = ({ count, examples }: Group): string => {
  const shown = examples.slice(0, 3).join(', ');
  return `${whole(count)} series: ${shown}${count > 3 ? ' …' : ''}`;
};

/**
 * The profile as lines of text, ending in a line break: figures first, then what was done to the data, then what will go
 * wrong and what is done about it.
 */
export function profileView(
  found: Profile,
  { columns = 96, colour = false }: ProfileViewOptions = {},
): string {
  const width = Math.max(60, columns);
  const { bold, dim, yellow, cyan } = pc.createColors(colour);
  const lines: string[] = [];
  const heading = (text: string): void => {
    lines.push('', bold(text));
  };
  const row = (name: string, text: string): void => {
    const [first = '', ...rest] = wrap(text, width - LABEL - 2);
    lines.push(`  ${dim(name.padEnd(LABEL))}${first}`);
    for (const line of rest) lines.push(`${' '.repeat(LABEL + 2)}${line}`);
  };
  const item = (mark: string, text: string): void => {
    const [first = '', ...rest] = wrap(text, width - 4);
    lines.push(`  ${mark} ${first}`);
    for (const line of rest) lines.push(`    ${line}`);
  };

  const { freq, lengths } = found;
  lines.push(
    bold(`${whole(found.series)} series of ${found.target}, one value a ${periodName(freq)} (${freq.alias})`),
  );
  row('span', `${found.first} … ${found.last}`);
  const spread =
    lengths.min === lengths.max
      ? periodName(freq, lengths.max)
      : `${whole(lengths.min)} to ${whole(lengths.max)} ${periodName(freq)}s, median ${whole(lengths.median)}`;
  row('length', spread);
  const states = [
    `${whole(found.observed)} observed (${percent(found.observed / found.cells)})`,
    ...(found.missing > 0
      ? [`${whole(found.missing)} missing (${percent(found.missing / found.cells)})`]
      : []),
    ...(found.stockOut > 0
      ? [`${whole(found.stockOut)} stock-out (${percent(found.stockOut / found.cells)})`]
      : []),
    ...(found.closed > 0 ? [`${whole(found.closed)} closed (${percent(found.closed / found.cells)})`] : []),
  ];
  row('cells', `${whole(found.cells)}: ${states.join(', ')}`);
  row(
    'values',
    `total ${amount(found.total)}; ${percent(found.zeros / found.observed)} are 0` +
      `${found.negatives > 0 ? `, ${whole(found.negatives)} below 0` : ''}`,
  );
  if (found.closedWeekdays.length > 0) row('closed on', found.closedWeekdays.join(', '));
  const { knownFuture, pastOnly, statics, reach } = found.columns;
  if (knownFuture.length > 0) {
    row(
      'known future',
      `${knownFuture.join(', ')}${reach > 0 ? `, up to ${periodName(freq, reach)} ahead` : ''}`,
    );
  }
  if (pastOnly.length > 0) row('past only', pastOnly.join(', '));
  if (statics.length > 0) row('static', statics.join(', '));

  heading('Demand');
  for (const name of INTERMITTENCY_CLASSES) {
    const count = found.classes[name];
    const share = count / found.series;
    lines.push(
      `  ${dim(name.padEnd(LABEL))}${cyan(bar(share))} ${whole(count).padStart(8)}  ${percent(share).padStart(6)}`,
    );
  }
  for (const season of found.seasonality) {
    const name = periodName(freq, season.season_length);
    const [low, middle, high] = season.quartiles.map((q) => q.toFixed(2)) as [string, string, string];
    row(
      'season',
      `of ${name}: strength ${season.mean.toFixed(2)} of 1 (quartiles ${low}, ${middle}, ${high}); ` +
        `strong in ${percent(season.strong)} of ${whole(season.measured)} measured series`,
    );
  }
  if (!Number.isNaN(found.trend)) row('trend', `strength ${found.trend.toFixed(2)} of 1`);
  if (found.series > 1 && !Number.isNaN(found.topFifth)) {
    const top = found.largest.map((l) => `${l.unique_id} ${percent(l.share)}`).join(', ');
    row('largest', `the top fifth sells ${percent(found.topFifth)} of all; ${top}`);
  }
  if (found.fresh.count > 0) row('new', few(found.fresh));
  if (found.dead.count > 0) row('dead', few(found.dead));

  if (found.changes.length > 0) {
    heading('Done to the data');
    for (const { what, cells, series } of found.changes) {
      item('·', `${capital(what)} (${plural(cells, 'cell')} of ${plural(series, 'series', 'series')}).`);
    }
  }
  if (found.notes.length > 0) {
    heading('Assumed');
    for (const note of found.notes) item('·', note);
  }
  heading(
    found.warnings.length > 0
      ? 'What will go wrong, and what is done about it'
      : 'Nothing stands out as wrong',
  );
  for (const { what, cure } of found.warnings) {
    item(yellow('!'), what);
    const [first = '', ...rest] = wrap(cure, width - 6);
    lines.push(`    ${dim('→')} ${first}`);
    for (const line of rest) lines.push(`      ${line}`);
  }
  return `${lines.join('\n')}\n`;
}
