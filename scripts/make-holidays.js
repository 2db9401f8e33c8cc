// Builds src/features/holidays/table.ts from the package date-holidays: finds for each holiday of each country the
// shortest rules that give exactly the dates the package gives for 2000 … 2040. Run: node scripts/make-holidays.js
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// Local midnights are the package's; any other zone would shift its day lengths at clock changes.
process.env.TZ = 'UTC';
const require = createRequire(import.meta.url);
// Sun and moon come with the package.
const within = createRequire(require.resolve('date-holidays'));
const Holidays = require('date-holidays');
const { version } = require('date-holidays/package.json');

const FIRST = 2000;
const LAST = 2040;
const DAY = 86_400_000;
/** Countries whose regions are told apart; elsewhere the table has what the whole country keeps. */
const REGIONS = ['AT', 'AU', 'BR', 'CA', 'CH', 'DE', 'ES', 'GB', 'IN', 'IT', 'NZ', 'US'];
const KIND = { public: 'p', bank: 'b', optional: 'o', observance: 'v' };

/**
 * Where the package and the published calendars differ (test/golden/holidays.golden.json names those): dates to add
 * and which of the given ones to keep.
 */
const AMENDMENTS = [
  { place: 'KR', name: 'Korean New Year', kind: 'public', length: 3, move: -1 },
  { place: 'CZ', name: 'Good Friday', kind: 'public', keep: (year) => year >= 2016 },
  {
    place: 'NG',
    name: 'Democracy Day',
    kind: 'public',
    keep: (year) => year >= 2019,
    add: every(5, 29, 2000, 2018),
  },
  { place: 'CL', name: 'Easter Saturday', kind: 'public', add: years().map((year) => easter(year) - 1) },
  { place: 'PL', name: 'Centenary of Independence', kind: 'public', add: [dayOf(2018, 11, 12)] },
  { place: 'IE', name: 'Day of Remembrance and Recognition', kind: 'public', add: [dayOf(2022, 3, 18)] },
  { place: 'ZA', name: 'Public Holiday', kind: 'public', add: [dayOf(2016, 12, 27)] },
  {
    place: 'MX',
    name: 'Change of Federal Government',
    kind: 'public',
    keep: (year) => year < 2024,
    add: [2024, 2030, 2036].map((year) => dayOf(year, 10, 1)),
  },
  { place: 'AE', name: 'National Day, second day', kind: 'public', add: every(12, 3, 2010, LAST) },
  { place: 'TH', name: 'Labour Day', kind: 'bank', add: every(5, 1, FIRST, LAST) },
  { place: 'SG', name: 'Deepavali', kind: 'public', add: [dayOf(2023, 11, 12)] },
];

function dayOf(year, month, day) {
  return Math.round(Date.UTC(year, month - 1, day) / DAY);
}
function years() {
  return Array.from({ length: LAST - FIRST + 1 }, (_, k) => FIRST + k);
}
function every(month, day, from, to) {
  return years()
    .filter((year) => year >= from && year <= to)
    .map((year) => dayOf(year, month, day));
}
const yearOf = (day) => new Date(day * DAY).getUTCFullYear();
const weekdayOf = (day) => (((day + 3) % 7) + 7) % 7;

/** Days since 2000-01-01 as three digits of base 36. */
const code = (day) => (day - dayOf(2000, 1, 1)).toString(36).padStart(3, '0');
const monthDay = (day) => {
  const date = new Date(day * DAY);
  return `${date.getUTCMonth() + 1}/${date.getUTCDate()}`;
};
const signed = (n) => (n === 0 ? '' : n > 0 ? `+${n}` : String(n));

/** All occurrences of a place, grouped by name, kind and length: { key: sorted day numbers }. */
function occurrences(...place) {
  const calendar = new Holidays(...place);
  const groups = new Map();
  for (let year = FIRST; year <= LAST; year++) {
    for (const { date, start, end, type, name } of calendar.getHolidays(year, 'en')) {
      const kind = KIND[type];
      if (!kind) continue;
      const [y, m, d] = date.slice(0, 10).split('-').map(Number);
      const length = Math.max(1, Math.round((end - start) / DAY));
      const key = [name.replace(/[;|^]/g, ','), kind, length].join('|');
      if (!groups.has(key)) groups.set(key, new Set());
      groups.get(key).add(dayOf(y, m, d));
    }
  }
  for (const { place: where, name, kind, length = 1, keep, add = [], move = 0 } of AMENDMENTS) {
    if (where !== place[0]) continue;
    const key = [name, KIND[kind], length].join('|');
    const given = [...(groups.get(key) ?? [])].filter((day) => !keep || keep(yearOf(day)));
    groups.set(key, new Set([...given.map((day) => day + move), ...add]));
  }
  return new Map([...groups].map(([key, days]) => [key, [...days].sort((a, b) => a - b)]));
}

/** Gregorian Easter (Meeus) and Orthodox Easter (Meeus's Julian rule, 13 days on), as at run time. */
function easter(year) {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const leap = b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3);
  const h = (19 * a + leap + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const n = h + l - 7 * Math.floor((a + 11 * h + 22 * l) / 451) + 114;
  return dayOf(year, Math.floor(n / 31), (n % 31) + 1);
}
function orthodoxEaster(year) {
  const d = (19 * (year % 19) + 15) % 30;
  const e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7;
  const n = d + e + 114;
  return dayOf(year, Math.floor(n / 31), (n % 31) + 1) + 13;
}

/** The longest run of years in which a rule gives exactly the dates `wanted` has there; undefined below 3 dates. */
function longestRun(text, produce, wanted, all) {
  let best;
  let from = -1;
  let count = 0;
  const close = (to) => {
    if (from >= 0 && count >= 3 && (!best || count > best.count)) best = { text, from, to, count };
    from = -1;
    count = 0;
  };
  for (const year of years()) {
    const given = produce(year);
    // A rule may leave a year out (no substitute needed), but must not invent or miss a date near its base.
    const right = given.days.every((day) => wanted.has(day)) && given.near.every((day) => !all.has(day));
    if (!right) close(year - 1);
    else {
      if (from < 0 && given.days.length > 0) from = year;
      if (from >= 0) count += given.days.length;
    }
  }
  close(LAST);
  if (!best) return undefined;
  // Trailing years without a date do not belong to the run.
  while (best.to > best.from && produce(best.to).days.length === 0 && best.to < LAST) best.to--;
  const days = [];
  for (let year = best.from; year <= best.to; year++) days.push(...produce(year).days);
  return { ...best, days };
}

/** A fixed date that is moved by its weekday: seven shifts from Monday on, '.' for none. */
function fixedRule(month, day, remaining, all) {
  if (month === 2 && day === 29) return undefined;
  const bases = years().map((year) => dayOf(year, month, day));
  const votes = Array.from({ length: 7 }, () => new Map());
  bases.forEach((base) => {
    const near = remaining.filter((d) => d >= base - 6 && d <= base + 6);
    if (near.length > 1) return;
    const shift = near.length ? near[0] - base : '.';
    const box = votes[weekdayOf(base)];
    box.set(shift, (box.get(shift) ?? 0) + 1);
  });
  const shifts = votes.map((box) => {
    // A date seen thrice counts for more than the years before it was introduced.
    const seen = [...box].filter(([shift]) => shift !== '.').sort((a, b) => b[1] - a[1])[0];
    return seen && (seen[1] >= 2 || !box.has('.')) ? seen[0] : '.';
  });
  if (shifts.every((s) => s === '.')) return undefined;
  const letters = shifts.map((s) => (s === '.' ? '.' : s >= 0 ? String(s) : String.fromCharCode(96 - s)));
  const plain = shifts.every((s) => s === 0);
  const text = `${month}/${day}${plain ? '' : `~${letters.join('')}`}`;
  const wanted = new Set(remaining);
  return longestRun(
    text,
    (year) => {
      const base = dayOf(year, month, day);
      const shift = shifts[weekdayOf(base)];
      const days = shift === '.' ? [] : [base + shift];
      const near = [];
      for (let k = -6; k <= 6; k++) if (!days.includes(base + k) && wanted.has(base + k)) near.push(base + k);
      return { days, near };
    },
    wanted,
    all,
  );
}

const listNames = [];
const lists = [];

/** Rules on Easter and on the shared lists: the same number of days from each date of the list. */
function offsetRules(remaining) {
  const wanted = new Set(remaining);
  const found = [];
  const bases = [
    ['e', years().map(easter)],
    ['o', years().map(orthodoxEaster)],
    ...lists.map((days, k) => [`L${k}`, days]),
  ];
  for (const [letter, days] of bases) {
    const offsets = new Map();
    const reach = letter.startsWith('L') ? 3 : 120;
    for (const base of days) {
      for (const d of remaining) {
        if (Math.abs(d - base) <= reach) offsets.set(d - base, (offsets.get(d - base) ?? 0) + 1);
      }
    }
    const best = [...offsets].sort((a, b) => b[1] - a[1])[0];
    if (!best || best[1] < 3) continue;
    const byYear = new Map(years().map((year) => [year, days.filter((d) => yearOf(d) === year)]));
    const rule = longestRun(
      `${letter}${signed(best[0])}`,
      (year) => ({ days: byYear.get(year).map((d) => d + best[0]), near: [] }),
      wanted,
      wanted,
    );
    if (rule) found.push(rule);
  }
  return found;
}

function candidates(remaining) {
  const bases = new Set();
  const counts = new Map();
  for (const day of remaining) {
    for (let k = -6; k <= 6; k++) {
      const text = monthDay(day + k);
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
  }
  // A base must be near most of what it could explain; a lunar holiday has no such date.
  const most = Math.max(...counts.values());
  for (const [text, count] of counts) if (count >= Math.max(3, 0.6 * most)) bases.add(text);
  const all = new Set(remaining);
  const found = offsetRules(remaining);
  for (const text of bases) {
    const rule = fixedRule(...text.split('/').map(Number), remaining, all);
    if (rule) found.push(rule);
  }
  const cost = (rule) => rule.text.length + (rule.from > FIRST || rule.to < LAST ? 6 : 0);
  return found.sort((a, b) => 4 * b.count - cost(b) - (4 * a.count - cost(a)));
}

/** Rules that give exactly these days, as text; `leftover` hears of dates that no rule explains. */
function describe(days, leftover) {
  let remaining = days;
  const parts = [];
  while (remaining.length >= 3) {
    const [best] = candidates(remaining);
    if (!best) break;
    const from = best.from > FIRST ? best.from % 100 : '';
    const to = best.to < LAST ? best.to % 100 : '';
    parts.push(`${best.text}${from === '' && to === '' ? '' : `@${from}-${to}`}`);
    const explained = new Set(best.days);
    remaining = remaining.filter((day) => !explained.has(day));
  }
  if (remaining.length > 0) {
    leftover?.(remaining);
    parts.push(`=${remaining.map(code).join('')}`);
  }
  return parts.join(' ');
}

/** Remembers a moving calendar's dates as a list that others can be told by. */
function learnList(name) {
  return (remaining) => {
    if (remaining.length < 25) return;
    lists.push(remaining);
    listNames.push(name);
  };
}

/** First days of a month of the Islamic year, by the Umm al-Qura tables that ICU holds. */
function islamicDays(month, day) {
  const format = new Intl.DateTimeFormat('en-u-ca-islamic-umalqura', {
    month: 'numeric',
    day: 'numeric',
    timeZone: 'UTC',
  });
  const days = [];
  for (let d = dayOf(FIRST, 1, 1); d <= dayOf(LAST, 12, 31); d++) {
    const parts = format.formatToParts(d * DAY);
    const value = (type) => Number(parts.find((part) => part.type === type).value);
    if (value('month') === month && value('day') === day) days.push(d);
  }
  return days;
}

/** A day of the Chinese calendar in each year, by the sun and moon (ICU's tables err in 2027 and 2030). */
function chineseDays(month, day) {
  const { CalendarChinese } = within('date-chinese');
  return years().map((year) => {
    const date = new CalendarChinese();
    date.fromGregorian(year, 7, 1);
    const [cycle, yearOfCycle] = date.get();
    date.set(cycle, yearOfCycle, month, false, day);
    const { year: y, month: m, day: d } = date.toGregorian();
    return dayOf(y, m, d);
  });
}

/**
 * The last day of which the hour `latest` (UT) is before the moon's phase that falls between two dates.
 * Diwali: the evening before the new moon while the sun stands in sidereal Libra (17 October to 15 November), which
 * must come an hour after sunset in India (12:15 UT). Holi: the day after the full moon of March, whose bonfire night
 * is its own evening where it comes in the afternoon. Both agree with India's gazetted dates of 2015 to 2026.
 */
function moonDays(phase, year, first, last, latest) {
  const { moonphase, julian } = within('astronomia');
  for (let k = 0; k < 4; k++) {
    const from = dayOf(year, ...first);
    const jde = moonphase[phase](year + (from + 15 * k - dayOf(year, 1, 1)) / 365.25);
    // Terrestrial time runs about 70 seconds ahead of universal time.
    const day = julian.JDToDate(jde - 70 / 86_400).getTime() / DAY;
    if (day >= from && day < dayOf(year, ...last)) return Math.floor(day - latest / 24);
  }
  return undefined;
}
const moon = (...when) =>
  years()
    .map((year) => moonDays(when[0], year, ...when.slice(1)))
    .filter((d) => d !== undefined);

const places = new Map();
const national = Object.keys(new Holidays().getCountries()).sort();
for (const country of national) places.set(country, occurrences(country));
// Bank holidays of England are what people call those of the United Kingdom.
places.set('GB', occurrences('GB', 'ENG'));
const nationalDays = (country) => places.get(country);

// First pass: the calendars that no rule explains become lists, most widely kept first.
const moving = [];
for (const [country, groups] of places) {
  for (const [key, days] of groups) if (days.length >= 35) moving.push([country, key, days]);
}
moving.sort((a, b) => b[2].length - a[2].length);
for (const [, key, days] of moving) describe(days, learnList(key.split('|')[0]));

const names = [];
const nameIndex = new Map();
const named = (name) => {
  if (!nameIndex.has(name)) {
    nameIndex.set(name, names.length);
    names.push(name);
  }
  return nameIndex.get(name).toString(36);
};
const line = (key, days) => {
  const [name, kind, length] = key.split('|');
  return `${named(name)}${length === '1' ? '' : `*${length}`}:${kind}${describe(days)}`;
};

const rows = [];
for (const [country, groups] of places) {
  rows.push([country, [...groups].map(([key, days]) => line(key, days)).join(';')]);
  if (!REGIONS.includes(country)) continue;
  const whole = nationalDays(country);
  for (const region of Object.keys(new Holidays().getStates(country) ?? {})) {
    if (country === 'GB' && region === 'ENG') continue;
    const own = occurrences(country, region);
    const same = (a, b) => a && b && a.length === b.length && a.every((day, k) => day === b[k]);
    const nameOf = (key) => key.split('|')[0];
    // A name that differs in any of its kinds is dropped and told anew as a whole.
    const changed = new Set(
      [...whole.keys(), ...own.keys()].filter((key) => !same(whole.get(key), own.get(key))).map(nameOf),
    );
    const known = new Set([...whole.keys()].map(nameOf));
    const drops = [...changed].filter((name) => known.has(name)).map((name) => `!${named(name)}`);
    const adds = [...own].filter(([key]) => changed.has(nameOf(key))).map(([key, days]) => line(key, days));
    rows.push([`${country}-${region}`, [...drops, ...adds].join(';')]);
  }
}

const feasts = {
  Ramadan: islamicDays(9, 1),
  'Eid al-Fitr': islamicDays(10, 1),
  'Eid al-Adha': islamicDays(12, 10),
  'Chinese New Year': chineseDays(1, 1),
  'Mid-Autumn Festival': chineseDays(8, 15),
  Diwali: moon('newMoon', [10, 17], [11, 16], 13.25),
  Holi: moon('full', [3, 1], [3, 31], 11).map((d) => d + 1),
};

const quote = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const out = `// Holidays by country as compact rules, 2000 to 2040. GENERATED by scripts/make-holidays.js; see docs/holidays.md.
// Adapted from the data of date-holidays ${version}, © commenthol and contributors, which draws on Wikipedia and on
// official calendars. Data licence: CC BY-SA 3.0, https://creativecommons.org/licenses/by-sa/3.0/; this file alone is
// under that licence, the rest of the program is not.

/** Years that the lists and ranges of the table cover. */
export const TABLE_YEARS = [${FIRST}, ${LAST}] as const;

/** Days since 2000-01-01 in base 36, three digits each, of holidays by other calendars. */
export const LISTS: readonly string[] = [
${lists.map((days, k) => `  // ${k}: ${listNames[k]}\n  ${quote(days.map(code).join(''))},`).join('\n')}
];

/** Feasts by other calendars, for events: days as in the lists. */
export const FEASTS: Readonly<Record<string, string>> = {
${Object.entries(feasts)
  .map(([name, days]) => `  '${name}': ${quote(days.map(code).join(''))},`)
  .join('\n')}
};

/** Names, \`|\` between them. */
export const NAMES: string =
  ${quote(names.join('|'))};

/** Rules of each country, and of regions what differs from their country. */
export const RULES: Readonly<Record<string, string>> = {
${rows.map(([place, text]) => `  ${/^[A-Z]+$/.test(place) ? place : `'${place}'`}:\n    ${quote(text)},`).join('\n')}
};
`;
writeFileSync(new URL('../src/features/holidays/table.ts', import.meta.url), out);
process.stdout.write(
  `${rows.length} places, ${names.length} names, ${lists.length} lists, ${out.length} bytes\n`,
);
