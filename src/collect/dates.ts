// Text to time: one way of writing for a whole column, told aloud; what does not fit it is refused.
import { civilFromDays, formatTime, MS_PER_DAY } from '../core/calendar.ts';
import {
  type DateFormat,
  DECIMAL_YEAR,
  EXCEL,
  NUMBER_FORMATS,
  namedFormat,
  STEPS,
  TEXT_FORMATS,
  type ZoneFound,
} from './date-formats.ts';
import { isMissing } from './numbers.ts';
import { quoted } from './table.ts';
import { DATE_NAME, plainName, STEP_NAME } from './vocabulary.ts';

export interface TimeOptions {
  readonly timeFormat?: string | undefined;
  readonly timeZone?: string | undefined;
}

/** A text that is no time in the column's format. */
interface TimeFault {
  /** Index into the texts. */
  readonly index: number;
  /** What is wrong and the cure, to follow `sales.csv, row 17: `. */
  readonly message: string;
}

/** The times of a column's distinct texts. */
export interface Times {
  readonly format: string;
  readonly stepped: boolean;
  /** Epoch milliseconds or step numbers, one a text; NaN where the text means "missing". */
  readonly values: Float64Array;
  /** The first text that does not fit, if any. */
  readonly fault: TimeFault | undefined;
  readonly notes: readonly string[];
}

const isNumeric = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text);

/** Texts looked at to find a format; day and month are then told apart on all of them. */
const LOOK = 4000;

/** The share of texts that a format reads; days that no calendar has count as `wrong` of a day. */
function share(format: DateFormat, texts: readonly string[], wrong = 0): number {
  const zone: ZoneFound = { minutes: Number.NaN };
  const step = Math.max(1, Math.floor(texts.length / LOOK));
  let seen = 0;
  let good = 0;
  for (let i = 0; i < texts.length; i += step) {
    seen++;
    const ms = format.parse(texts[i]!, zone);
    if (ms !== undefined) good += Number.isNaN(ms) ? wrong : 1;
  }
  return seen === 0 ? 0 : good / seen;
}

interface Choice {
  readonly format: DateFormat;
  /** The other order of day and month, where every text fits both. */
  readonly rival?: DateFormat;
}

/** The format that fits most texts, or undefined where the column does not hold times. */
export function guessFormat(texts: readonly string[], name: string): Choice | undefined {
  const filled = texts.filter((text) => !isMissing(text)).map((text) => text.trim());
  if (filled.length === 0) return undefined;
  const step = Math.max(1, Math.floor(filled.length / LOOK));
  let numbers = 0;
  let looked = 0;
  for (let i = 0; i < filled.length; i += step) {
    looked++;
    if (isNumeric(filled[i]!)) numbers++;
  }
  return numbers >= looked * 0.9 ? guessNumeric(filled, plainName(name)) : guessText(filled);
}

function guessNumeric(texts: readonly string[], plain: string): Choice | undefined {
  // A counter named "week" is a counter even where it runs from 1900 to 2010.
  const counter = STEP_NAME.test(plain);
  for (const format of NUMBER_FORMATS) {
    if (counter && format.name !== 'YYYYMMDD' && format.name !== 'YYYYWW') continue;
    if (share(format, texts) >= 0.9) return { format };
  }
  if (texts.some((text) => /\.\d*[1-9]/.test(text)) && share(DECIMAL_YEAR, texts) >= 0.99)
    return { format: DECIMAL_YEAR };
  if (DATE_NAME.test(plain) && !counter && share(EXCEL, texts) >= 0.9) return { format: EXCEL };
  return share(STEPS, texts) >= 0.9 ? { format: STEPS } : undefined;
}

function guessText(texts: readonly string[]): Choice | undefined {
  let best: DateFormat | undefined;
  let bestShare = 0.5;
  for (const format of TEXT_FORMATS) {
    const found = share(format, texts, 0.6);
    if (found > bestShare) {
      best = format;
      bestShare = found;
    }
  }
  if (best === undefined) return undefined;
  const swapped = { 'DD/MM/YYYY': 'MM/DD/YYYY', 'DD-MM-YYYY': 'MM-DD-YYYY' }[best.name];
  const monthFirst = TEXT_FORMATS.find((format) => format.name === swapped);
  return monthFirst === undefined ? { format: best } : tellApart(best, monthFirst, texts);
}

/** Day first or month first: whichever more texts allow, else whichever is the more regular. */
function tellApart(dayFirst: DateFormat, monthFirst: DateFormat, texts: readonly string[]): Choice {
  const [a, b] = [dayFirst, monthFirst].map((format) => validDays(format, texts)) as [number[], number[]];
  if (a.length !== b.length) return { format: a.length > b.length ? dayFirst : monthFirst };
  const [regularA, regularB] = [regularity(a), regularity(b)];
  // Where both are as regular (a few dates only), slashes are taken as American and dashes as European.
  const first = regularA === regularB ? dayFirst.name.includes('-') : regularA > regularB;
  return first ? { format: dayFirst, rival: monthFirst } : { format: monthFirst, rival: dayFirst };
}

function validDays(format: DateFormat, texts: readonly string[]): number[] {
  const zone: ZoneFound = { minutes: Number.NaN };
  const days: number[] = [];
  for (const text of texts) {
    const ms = format.parse(text, zone);
    if (ms !== undefined && !Number.isNaN(ms)) days.push(Math.floor(ms / MS_PER_DAY));
  }
  return days;
}

/** How regular a set of days is, 0 … 1: the share of its commonest gap, in days or in months of a fixed day. */
function regularity(days: readonly number[]): number {
  const sorted = [...new Set(days)].sort((x, y) => x - y);
  if (sorted.length < 3) return 0;
  const civil = sorted.map(civilFromDays);
  const sameDay = civil.every((date) => date.day === civil[0]!.day);
  const points = sameDay ? civil.map((date) => date.year * 12 + date.month) : sorted;
  const gaps = new Map<number, number>();
  for (let i = 1; i < points.length; i++) {
    const gap = points[i]! - points[i - 1]!;
    gaps.set(gap, (gaps.get(gap) ?? 0) + 1);
  }
  return Math.max(...gaps.values()) / (points.length - 1);
}

/** Reads the distinct texts of a time column called `name`; `format` is what {@link guessFormat} found. */
export function readTimes(texts: readonly string[], name: string, options: TimeOptions = {}): Times {
  const { timeFormat, timeZone } = options;
  const choice: Choice | undefined =
    timeFormat === undefined ? guessFormat(texts, name) : { format: namedFormat(timeFormat) };
  const values = new Float64Array(texts.length).fill(Number.NaN);
  if (choice === undefined) {
    const index = Math.max(
      0,
      texts.findIndex((text) => !isMissing(text)),
    );
    const message = `${quoted(texts[index] ?? '')} in "${name}" is not a date; name the time column, or say how its dates are written (timeFormat, such as "DD.MM.YYYY").`;
    return { format: 'unknown', stepped: false, values, fault: { index, message }, notes: [] };
  }
  const { format, rival } = choice;
  const notes: string[] = [];
  const toZone = timeZone === undefined ? undefined : zoneClock(timeZone);
  const offsets = new Set<number>();
  let zoned = -1;
  let unzoned = -1;
  let fault: TimeFault | undefined;
  let good = -1;
  const zone: ZoneFound = { minutes: Number.NaN };
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i]!.trim();
    if (isMissing(text)) continue;
    zone.minutes = Number.NaN;
    const ms = format.parse(text, zone);
    if (ms === undefined || Number.isNaN(ms)) {
      fault ??= { index: i, message: '' };
      continue;
    }
    if (good < 0) good = i;
    const instant = format.instant === true ? 0 : zone.minutes;
    if (Number.isNaN(instant)) {
      if (unzoned < 0) unzoned = i;
      values[i] = ms;
    } else {
      if (zoned < 0) zoned = i;
      offsets.add(instant);
      values[i] = toZone === undefined ? ms : toZone(ms - instant * 60_000);
    }
  }
  if (fault !== undefined) {
    fault = {
      ...fault,
      message: faultMessage(texts[fault.index]!, name, format, texts[good], timeFormat !== undefined),
    };
  } else if (zoned >= 0 && unzoned >= 0) {
    // The later of the two is the odd one out as the file goes on.
    const index = Math.max(zoned, unzoned);
    const other = texts[Math.min(zoned, unzoned)]!;
    const [has, had] = index === zoned ? ['has', 'has none'] : ['has no', 'has one'];
    const message = `${quoted(texts[index]!)} in "${name}" ${has} ${index === zoned ? 'a UTC offset' : 'UTC offset'} and ${quoted(other)} ${had}; write all times with an offset or none.`;
    fault = { index, message };
  }
  if (rival !== undefined) {
    // 01-01 shows nothing; the first date that the two readings tell apart does.
    const telling = texts.findIndex(
      (text, i) => !isMissing(text) && rival.parse(text.trim(), zone) !== values[i],
    );
    notes.push(
      `Read ${quoted(texts[telling] ?? texts[good] ?? '')} in "${name}" as ${format.name}; ${rival.name} would fit too: set timeFormat (--time-format) to it if that is meant.`,
    );
  } else if (
    timeFormat === undefined &&
    ['excel', 'decimal year', 'epoch', 'epoch-ms', 'epoch-us'].includes(format.name)
  ) {
    const what = {
      excel: "a spreadsheet's day number",
      'decimal year': 'a year and twelfths',
      epoch: 'seconds since 1970 (UTC)',
      'epoch-ms': 'milliseconds since 1970 (UTC)',
      'epoch-us': 'microseconds since 1970 (UTC)',
    }[format.name];
    notes.push(
      `Read ${quoted(texts[good] ?? '')} in "${name}" as ${what}: ${formatTime(values[good] ?? 0)}.`,
    );
  }
  if (toZone !== undefined) {
    notes.push(
      zoned >= 0
        ? `Times in "${name}" were moved to the clock of ${timeZone}.`
        : `Times in "${name}" carry no UTC offset, so timeZone ${timeZone} changes nothing.`,
    );
  } else if (offsets.size > 0 && format.instant !== true && [...offsets].some((minutes) => minutes !== 0)) {
    const shown = [...offsets].sort((x, y) => x - y).map(offsetText);
    notes.push(`Times in "${name}" carry UTC offsets (${shown.join(', ')}); the clock as written is kept.`);
  }
  return { format: format.name, stepped: format.stepped === true, values, fault, notes };
}

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function faultMessage(
  text: string,
  name: string,
  format: DateFormat,
  good: string | undefined,
  named: boolean,
): string {
  const zone: ZoneFound = { minutes: Number.NaN };
  const value = text.trim();
  if (Number.isNaN(format.parse(value, zone) ?? 0)) {
    return `${quoted(text)} in "${name}" is not a day of the calendar (${format.name}); correct it.`;
  }
  const like = good === undefined ? format.name : `${format.name}, as ${quoted(good)}`;
  if (named)
    return `${quoted(text)} in "${name}" is not written as ${format.name}; correct it or change timeFormat.`;
  const other = [...TEXT_FORMATS, ...NUMBER_FORMATS].find((one) => {
    const ms = one.parse(value, zone);
    return ms !== undefined && !Number.isNaN(ms);
  });
  if (other !== undefined && format.stepped !== true) {
    return `${quoted(text)} in "${name}" is not written like the other dates (${like}); write all dates one way.`;
  }
  return `${quoted(text)} in "${name}" is not a ${format.stepped ? 'whole step number' : 'date'} (the others are ${like}); correct it.`;
}

/** A function from an instant (epoch ms) to what the wall clock of a zone shows, as epoch ms. */
function zoneClock(timeZone: string): (instant: number) => number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  // Offsets change at whole quarters of an hour, so one look-up serves each quarter.
  const quarter = 900_000;
  const cache = new Map<number, number>();
  return (instant) => {
    const key = Math.floor(instant / quarter);
    let offset = cache.get(key);
    if (offset === undefined) {
      const at = key * quarter;
      const of: Record<string, number> = {};
      for (const part of parts.formatToParts(at)) of[part.type] = Number(part.value);
      const wall = Date.UTC(of.year!, of.month! - 1, of.day!, of.hour!, of.minute!, of.second!);
      offset = wall - at;
      cache.set(key, offset);
    }
    return instant + offset;
  };
}
