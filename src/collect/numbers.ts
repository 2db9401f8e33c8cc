// Numbers as shops write them: 1234.5, 1,234.50, 1.234,50, 1 234,50, €12.00, and the many ways to leave them out.

/** How the numbers of a column are written. */
export interface NumberStyle {
  readonly decimal: '.' | ',';
  /** The sign between thousands, or none. */
  readonly thousands: '' | ',' | '.' | ' ' | "'";
  /** A currency sign before or after each number, or none. */
  readonly currency: string;
  /** Words such as TRUE and no, read as 1 and 0. */
  readonly boolean: boolean;
}

export const PLAIN: NumberStyle = { decimal: '.', thousands: '', currency: '', boolean: false };

/** Cells that mean "not there", in lower case. */
const MISSING: readonly string[] = [
  '',
  'na',
  'n/a',
  '#n/a',
  '#na',
  'nan',
  'null',
  'none',
  'nil',
  '-',
  '–',
  '—',
  '.',
  '?',
];
const missing = new Set(MISSING);

export const isMissing = (text: string): boolean => missing.has(text.trim().toLowerCase());

const TRUE_WORDS = ['true', 't', 'yes', 'y'];
const FALSE_WORDS = ['false', 'f', 'no', 'n'];
const POINT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const COMMA = /^[+-]?(\d+,?\d*|,\d+)$/;
const CURRENCY = /^[+-]?\s*([$€£¥₹₽₺])|([$€£¥₹₽₺])$/;
/** Blanks that printers of numbers put between thousands: plain, no-break, thin and narrow no-break. */
const BLANKS = ' \u00a0\u2009\u202f';

const GROUPED: Record<string, RegExp> = {
  ',': /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/,
  '.': /^[+-]?\d{1,3}(\.\d{3})+(,\d+)?$/,
  ' .': /^[+-]?\d{1,3}([ \u00a0\u2009\u202f]\d{3})+(\.\d+)?$/,
  ' ,': /^[+-]?\d{1,3}([ \u00a0\u2009\u202f]\d{3})+(,\d+)?$/,
  "'.": /^[+-]?\d{1,3}(['’]\d{3})+(\.\d+)?$/,
  "',": /^[+-]?\d{1,3}(['’]\d{3})+(,\d+)?$/,
};

const groupedBy = (thousands: string, decimal: string): RegExp =>
  GROUPED[thousands === ',' || thousands === '.' ? thousands : thousands + decimal]!;

/** The styles tried, the plain one first. */
const STYLES: readonly NumberStyle[] = [
  PLAIN,
  { ...PLAIN, thousands: ',' },
  { ...PLAIN, decimal: ',' },
  { ...PLAIN, decimal: ',', thousands: '.' },
  { ...PLAIN, thousands: ' ' },
  { ...PLAIN, decimal: ',', thousands: ' ' },
  { ...PLAIN, thousands: "'" },
  { ...PLAIN, decimal: ',', thousands: "'" },
];

function fits(text: string, style: NumberStyle): boolean {
  if ((style.decimal === '.' ? POINT : COMMA).test(text)) return true;
  return style.thousands !== '' && groupedBy(style.thousands, style.decimal).test(text);
}

/**
 * The number a text stands for; NaN where it is missing, undefined where it is no number.
 * Infinities are no numbers.
 */
export function parseNumber(text: string, style: NumberStyle): number | undefined {
  let plain = text.trim();
  if (style.currency !== '') plain = plain.replace(style.currency, '').trim();
  if (isMissing(plain)) return Number.NaN;
  if (style.boolean) {
    const word = plain.toLowerCase();
    if (TRUE_WORDS.includes(word)) return 1;
    if (FALSE_WORDS.includes(word)) return 0;
  }
  if (!fits(plain, style)) return undefined;
  if (style.thousands !== '') plain = plain.replace(/[\s.,'’](?=\d{3}(\D|$))/g, dropThousands(style));
  const value = Number(style.decimal === ',' ? plain.replace(',', '.') : plain);
  return Number.isFinite(value) ? value : undefined;
}

function dropThousands(style: NumberStyle): (sign: string) => string {
  return (sign) => (sign === style.decimal ? sign : '');
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * The SQL expression that reads `column` (VARCHAR) in a style: a DOUBLE, NaN where the cell is missing
 * and infinity where it is no number.
 */
export function numberSql(column: string, style: NumberStyle): string {
  const { decimal, thousands, currency } = style;
  let text = column;
  if (currency !== '') text = `trim(replace(${text}, ${literal(currency)}, ''))`;
  let cast = `TRY_CAST(${text} AS DOUBLE)`;
  if (decimal === ',' || thousands !== '') {
    // Only digits grouped in threes lose their signs, so that 1,5 never becomes 15.
    const mark = { '': '', ',': ',', '.': '\\.', ' ': `[${BLANKS}]`, "'": "[''’]" }[thousands];
    const point = decimal === ',' ? ',' : '\\.';
    const trimmed = `trim(${text})`;
    const swap = (value: string): string => (decimal === ',' ? `replace(${value}, ',', '.')` : value);
    const power = decimal === ',' ? '' : '([eE][+-]?[0-9]+)?';
    const plain = `CASE WHEN regexp_full_match(${trimmed}, '[+-]?[0-9]*(${point}[0-9]*)?${power}') THEN TRY_CAST(${swap(trimmed)} AS DOUBLE)`;
    const grouped =
      thousands === ''
        ? ''
        : ` WHEN regexp_full_match(${trimmed}, '[+-]?[0-9]{1,3}(${mark}[0-9]{3})+(${point}[0-9]+)?')
            THEN TRY_CAST(${swap(`regexp_replace(${trimmed}, '${mark}', '', 'g')`)} AS DOUBLE)`;
    cast = `${plain}${grouped} END`;
  }
  const word = `lower(trim(${text}))`;
  // A pattern, because DuckDB turns a long IN list into a join, which costs megabytes a column.
  const oneOf = (words: readonly string[]): string =>
    `regexp_full_match(${word}, ${literal(words.map((one) => one.replace(/[.?]/g, '\\$&')).join('|'))})`;
  const booleans = style.boolean ? ` WHEN ${oneOf(TRUE_WORDS)} THEN 1 WHEN ${oneOf(FALSE_WORDS)} THEN 0` : '';
  return `CASE WHEN ${column} IS NULL THEN 'nan'::DOUBLE ELSE coalesce(${cast},
    CASE WHEN ${oneOf(MISSING)} THEN 'nan'::DOUBLE${booleans} ELSE 'inf'::DOUBLE END) END`;
}

/** What a look at a column's cells says of it as numbers. */
export interface NumberGuess {
  readonly style: NumberStyle;
  /** Share of the cells that are not missing and read as numbers in that style, 0 … 1. */
  readonly share: number;
  readonly integer: boolean;
  /** Cells that are not missing. */
  readonly filled: number;
}

/**
 * The style in which most cells read as numbers. `decimal` fixes the decimal sign, as one file
 * writes all its numbers alike.
 */
export function guessNumbers(cells: readonly (string | null)[], decimal?: '.' | ','): NumberGuess {
  const texts: string[] = [];
  for (const cell of cells) if (cell !== null && !isMissing(cell)) texts.push(cell.trim());
  const filled = texts.length;
  if (filled === 0) return { style: PLAIN, share: 1, integer: false, filled };
  if (
    texts.every((text) => TRUE_WORDS.includes(text.toLowerCase()) || FALSE_WORDS.includes(text.toLowerCase()))
  ) {
    return { style: { ...PLAIN, boolean: true }, share: 1, integer: false, filled };
  }
  const sign = CURRENCY.exec(texts[0]!);
  const currency = sign?.[1] ?? sign?.[2] ?? '';
  const bare = currency === '' ? texts : texts.map((text) => text.replace(currency, '').trim());
  let best: NumberGuess = { style: { ...PLAIN, currency }, share: -1, integer: false, filled };
  for (const candidate of STYLES) {
    if (decimal !== undefined && candidate.decimal !== decimal) continue;
    const style = { ...candidate, currency };
    let count = 0;
    for (const text of bare) if (fits(text, style)) count++;
    const share = count / filled;
    if (share > best.share) {
      const integer = bare.every((text) => {
        const value = parseNumber(text, style);
        return value === undefined || Number.isNaN(value) || Number.isInteger(value);
      });
      best = { style, share, integer, filled };
    }
  }
  return best;
}

/**
 * The decimal sign of a file, from all its columns: a comma where some column reads only with decimal commas
 * (`12,5`) and none only with decimal points (`12.5`); undefined where nothing tells.
 */
export function guessDecimal(columns: readonly (readonly (string | null)[])[]): '.' | ',' | undefined {
  let comma = 0;
  let point = 0;
  for (const cells of columns) {
    if (guessNumbers(cells).share < 0.95) continue;
    for (const cell of cells) {
      const text = cell?.trim() ?? '';
      // Three digits after a sign may be thousands, so they tell nothing.
      if (/\d,\d+$/.test(text) && !/^[+-]?\d{1,3}(,\d{3})+$/.test(text)) comma++;
      // Nor does 03.2024, a month.
      else if (/\d\.\d+$/.test(text) && !/^([+-]?\d{1,3}(\.\d{3})+|\d\d\.\d{4})$/.test(text)) point++;
    }
  }
  if (comma === point) return undefined;
  return comma > point ? ',' : '.';
}

/** How a style writes a number, for messages; undefined for plain numbers. */
export function styleExample({ decimal, thousands, currency }: NumberStyle): string | undefined {
  if (decimal === '.' && thousands === '' && currency === '') return undefined;
  return `${currency}1${thousands}234${decimal}5`;
}
