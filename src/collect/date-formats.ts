// The ways dates are written in sales files, one row each: a pattern and how its parts become a time.
import { daysFromCivil, daysInMonth, MS_PER_DAY, weekday } from '../core/calendar.ts';
import { UsageError } from '../core/errors.ts';

/** One way to write a date. */
export interface DateFormat {
  /** As messages and `timeFormat` write it. */
  readonly name: string;
  /** Whether the numbers are plain steps rather than times. */
  readonly stepped?: boolean;
  /** Whether the values are instants, counted in UTC. */
  readonly instant?: boolean;
  /**
   * Epoch milliseconds (the step number for steps) as the local clock writes it; NaN for a date that no calendar
   * has; undefined where the text is written in another way. `zone` receives the offset in minutes, if any.
   */
  readonly parse: (text: string, zone: ZoneFound) => number | undefined;
}

/** The UTC offset that a text carried, in minutes; NaN where it carried none. */
export interface ZoneFound {
  minutes: number;
}

// A time of day after the date: 8:26, 08:26:00.000, 8:26 AM, with Z or an offset.
const CLOCK =
  '(?:(?:[T ]|, ?)(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?(?: ?([AaPp])\\.?[Mm]\\.?)?(?: ?(Z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?))?)?';

// First three letters of month names, without accents: English, German, French, Spanish, Italian, Portuguese, Dutch.
const MONTHS: Readonly<Record<string, number>> = Object.fromEntries(
  [
    'jan ene gen',
    'feb fev fevr',
    'mar mrz maa mrt mars',
    'apr avr abr',
    'may mai mag maj mei',
    'jun jui giu juin',
    'jul lug juil',
    'aug aou ago',
    'sep set',
    'oct okt ott out',
    'nov',
    'dec dez dic',
  ].flatMap((names, i) => names.split(' ').map((name) => [name, i + 1])),
);

function monthOf(name: string): number {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  // French juin and juillet share three letters.
  return MONTHS[plain.slice(0, 4)] ?? MONTHS[plain.slice(0, 3)] ?? Number.NaN;
}

/** A two-digit year: 00 … 69 are 2000 … 2069, 70 … 99 are 1970 … 1999. */
const fullYear = (text: string): number =>
  text.length > 2 ? Number(text) : Number(text) + (Number(text) < 70 ? 2000 : 1900);

function civilMs(year: number, month: number, day: number): number {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return Number.NaN;
  return daysFromCivil(year, month, day) * MS_PER_DAY;
}

/** The Monday of an ISO week (ISO 8601: week 1 holds the year's first Thursday). */
function isoWeekMs(year: number, week: number): number {
  const fourth = daysFromCivil(year, 1, 4);
  const next = daysFromCivil(year + 1, 1, 4);
  const monday = fourth - weekday(fourth);
  const count = (next - weekday(next) - monday) / 7;
  return week >= 1 && week <= count ? (monday + (week - 1) * 7) * MS_PER_DAY : Number.NaN;
}

/** Milliseconds of the clock parts of a match from group `at` on; NaN for an hour that no clock shows. */
function clockMs(match: RegExpExecArray, at: number, zone: ZoneFound): number {
  const hourText = match[at];
  if (hourText === undefined) return 0;
  let hour = Number(hourText);
  const half = match[at + 4]?.toLowerCase();
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return Number.NaN;
    hour = (hour % 12) + (half === 'p' ? 12 : 0);
  }
  const minute = Number(match[at + 1]);
  const second = Number(match[at + 2] ?? 0);
  if (hour > 23 || minute > 59 || second > 59) return Number.NaN;
  const offset = match[at + 5];
  if (offset !== undefined) {
    const sign = offset.startsWith('-') ? -1 : 1;
    zone.minutes = /\d/.test(offset)
      ? sign * (Number(offset.slice(1, 3)) * 60 + (offset.length > 3 ? Number(offset.slice(-2)) : 0))
      : 0;
  }
  const fraction = match[at + 3];
  const millis = fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000);
  return (hour * 3600 + minute * 60 + second) * 1000 + millis;
}

/** A format with year, month and day in some order and an optional time of day. */
function dayFormat(name: string, date: string, order: 'ymd' | 'dmy' | 'mdy'): DateFormat {
  const pattern = new RegExp(`^${date}${CLOCK}$`);
  const y = order.indexOf('y') + 1;
  const m = order.indexOf('m') + 1;
  const d = order.indexOf('d') + 1;
  return {
    name,
    parse(text, zone) {
      const match = pattern.exec(text);
      if (match === null) return undefined;
      const monthText = match[m]!;
      const month = /^\d/.test(monthText) ? Number(monthText) : monthOf(monthText);
      const day = civilMs(fullYear(match[y]!), month, Number(match[d]));
      return day + clockMs(match, 4, zone);
    },
  };
}

/** A format of a whole month, quarter, week or year. */
function periodFormat(name: string, pattern: RegExp, ms: (match: RegExpExecArray) => number): DateFormat {
  return {
    name,
    parse(text) {
      const match = pattern.exec(text);
      return match === null ? undefined : ms(match);
    },
  };
}

const WORD = '([A-Za-zÀ-ÿ]{3,10})\\.?';
const monthMs = (year: string, month: number): number => civilMs(fullYear(year), month, 1);
const quarterMs = (year: string, quarter: string): number =>
  civilMs(Number(year), Number(quarter) * 3 - 2, 1);
const between = (value: number, low: number, high: number): number | undefined =>
  value >= low && value <= high ? value : undefined;
const scaled = (pattern: RegExp, factor: number) => (text: string) =>
  pattern.test(text) ? Math.floor(Number(text) * factor) : undefined;

/** Formats written with signs or words; no text fits two of them but day and month in either order. */
export const TEXT_FORMATS: readonly DateFormat[] = [
  dayFormat('YYYY-MM-DD', '(\\d{4})-(\\d{1,2})-(\\d{1,2})', 'ymd'),
  dayFormat('YYYY/MM/DD', '(\\d{4})/(\\d{1,2})/(\\d{1,2})', 'ymd'),
  dayFormat('YYYY.MM.DD', '(\\d{4})\\.(\\d{1,2})\\.(\\d{1,2})', 'ymd'),
  dayFormat('DD/MM/YYYY', '(\\d{1,2})/(\\d{1,2})/(\\d{4}|\\d{2})', 'dmy'),
  dayFormat('MM/DD/YYYY', '(\\d{1,2})/(\\d{1,2})/(\\d{4}|\\d{2})', 'mdy'),
  dayFormat('DD.MM.YYYY', '(\\d{1,2})\\.(\\d{1,2})\\.(\\d{4}|\\d{2})', 'dmy'),
  dayFormat('DD-MM-YYYY', '(\\d{1,2})-(\\d{1,2})-(\\d{4}|\\d{2})', 'dmy'),
  dayFormat('MM-DD-YYYY', '(\\d{1,2})-(\\d{1,2})-(\\d{4}|\\d{2})', 'mdy'),
  dayFormat('DD MMM YYYY', `(\\d{1,2})\\.?[ -]${WORD}[ -](\\d{4}|\\d{2})`, 'dmy'),
  dayFormat('MMM DD, YYYY', `${WORD} (\\d{1,2}),? (\\d{4})`, 'mdy'),
  periodFormat('YYYY-MM', /^(\d{4})[-/](\d{1,2})$/, (m) => monthMs(m[1]!, Number(m[2]))),
  periodFormat('MM/YYYY', /^(\d{1,2})[-/.](\d{4})$/, (m) => monthMs(m[2]!, Number(m[1]))),
  periodFormat('YYYY MMM', new RegExp(`^(\\d{4})[ -]?${WORD}$`), (m) => monthMs(m[1]!, monthOf(m[2]!))),
  periodFormat('MMM YYYY', new RegExp(`^${WORD}[ -]'?(\\d{4}|\\d{2})$`), (m) =>
    monthMs(m[2]!, monthOf(m[1]!)),
  ),
  periodFormat('YYYYMnn', /^(\d{4})M(\d{1,2})$/, (m) => monthMs(m[1]!, Number(m[2]))),
  periodFormat('YYYY-Www', /^(\d{4})[- ]?(?:W|KW ?)(\d{1,2})$/, (m) => isoWeekMs(Number(m[1]), Number(m[2]))),
  periodFormat('YYYY Qn', /^(\d{4})[- ]?Q([1-4])$/i, (m) => quarterMs(m[1]!, m[2]!)),
  periodFormat('Qn YYYY', /^Q([1-4])[- ]?(\d{4})$/i, (m) => quarterMs(m[2]!, m[1]!)),
];

/** Formats that are one number, the surest first. */
export const NUMBER_FORMATS: readonly DateFormat[] = [
  periodFormat('YYYYMMDD', /^((?:19|20)\d\d)(\d\d)(\d\d)$/, (m) =>
    civilMs(Number(m[1]), Number(m[2]), Number(m[3])),
  ),
  periodFormat('YYYYMM', /^((?:19|20)\d\d)(\d\d)$/, (m) => monthMs(m[1]!, Number(m[2]))),
  periodFormat('YYYYWW', /^((?:19|20)\d\d)(\d\d)$/, (m) => isoWeekMs(Number(m[1]), Number(m[2]))),
  { name: 'epoch', instant: true, parse: scaled(/^\d{9,10}(\.\d+)?$/, 1000) },
  { name: 'epoch-ms', instant: true, parse: scaled(/^\d{12,13}(\.\d+)?$/, 1) },
  { name: 'epoch-us', instant: true, parse: scaled(/^\d{15,16}$/, 0.001) },
  periodFormat('year', /^((?:19|20)\d\d)(?:\.0+)?$/, (m) => civilMs(Number(m[1]), 1, 1)),
];

/** R prints the months of a time series as 1998, 1998.083, 1998.167, …: a year and twelfths. */
export const DECIMAL_YEAR: DateFormat = {
  name: 'decimal year',
  parse(text) {
    if (!/^(19|20)\d\d(\.\d+)?$/.test(text)) return undefined;
    const months = Number(text) * 12;
    const whole = Math.round(months);
    if (Math.abs(months - whole) > 0.03) return undefined;
    return civilMs(Math.floor(whole / 12), (whole % 12) + 1, 1);
  },
};

/** An ISO date and time without an offset, which the database reads as well as we do. */
export const ISO_CLOCK: RegExp = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?$/;

/** Days since 1899-12-30, as spreadsheets count; a fraction is the time of day. */
export const EXCEL: DateFormat = {
  name: 'excel',
  parse(text) {
    if (!/^\d{5}(\.\d+)?$/.test(text)) return undefined;
    const serial = between(Number(text), 20_000, 80_000);
    return serial === undefined ? undefined : Math.round((serial - 25_569) * 86_400) * 1000;
  },
};

export const STEPS: DateFormat = {
  name: 'step',
  stepped: true,
  parse: (text) => (/^-?\d{1,15}(\.0+)?$/.test(text) ? Number(text) : undefined),
};

const ALL: readonly DateFormat[] = [...TEXT_FORMATS, ...NUMBER_FORMATS, DECIMAL_YEAR, EXCEL, STEPS];

const TOKENS: readonly [token: string, key: string, pattern: string][] = [
  ['YYYY', 'year', '(\\d{4})'],
  ['%Y', 'year', '(\\d{4})'],
  ['YY', 'year', '(\\d{2})'],
  ['%y', 'year', '(\\d{2})'],
  ['MMMM', 'month', WORD],
  ['MMM', 'month', WORD],
  ['%B', 'month', WORD],
  ['%b', 'month', WORD],
  ['MM', 'month', '(\\d{1,2})'],
  ['%m', 'month', '(\\d{1,2})'],
  ['DD', 'day', '(\\d{1,2})'],
  ['%d', 'day', '(\\d{1,2})'],
  ['HH', 'hour', '(\\d{1,2})'],
  ['%H', 'hour', '(\\d{1,2})'],
  ['mm', 'minute', '(\\d{2})'],
  ['%M', 'minute', '(\\d{2})'],
  ['ss', 'second', '(\\d{2})'],
  ['%S', 'second', '(\\d{2})'],
];

/** The format a user names: one of the list (`YYYY-Www`, `epoch`, `excel`, …) or a pattern of tokens (`DD.MM.YYYY HH:mm`, `%d.%m.%Y`). */
export function namedFormat(name: string): DateFormat {
  const known = ALL.find((format) => format.name === name);
  if (known !== undefined) return known;
  const keys: string[] = [];
  let pattern = '';
  for (let i = 0; i < name.length; ) {
    const token = TOKENS.find(([text]) => name.startsWith(text, i));
    if (token !== undefined) {
      keys.push(token[1]);
      pattern += token[2];
      i += token[0].length;
    } else {
      pattern += name[i]!.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      i++;
    }
  }
  if (!keys.includes('year')) {
    throw new UsageError(
      `timeFormat "${name}" names no year; write it as DD.MM.YYYY, %d.%m.%Y, or one of ${ALL.map((f) => f.name).join(', ')}.`,
    );
  }
  const expression = new RegExp(`^${pattern}$`);
  return {
    name,
    parse(text) {
      const match = expression.exec(text);
      if (match === null) return undefined;
      const part = (key: string, other: number): number => {
        const at = keys.indexOf(key);
        if (at < 0) return other;
        const value = match[at + 1]!;
        return key === 'year' ? fullYear(value) : /^\d/.test(value) ? Number(value) : monthOf(value);
      };
      const hour = part('hour', 0);
      const minute = part('minute', 0);
      const second = part('second', 0);
      if (hour > 23 || minute > 59 || second > 59) return Number.NaN;
      return (
        civilMs(part('year', 1970), part('month', 1), part('day', 1)) +
        (hour * 3600 + minute * 60 + second) * 1000
      );
    },
  };
}
