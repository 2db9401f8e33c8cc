import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/collect/database.ts';
import {
  guessDecimal,
  guessNumbers,
  type NumberStyle,
  numberSql,
  PLAIN,
  parseNumber,
} from '../../src/collect/numbers.ts';

const style = (over: Partial<NumberStyle>): NumberStyle => ({ ...PLAIN, ...over });

describe('number styles', () => {
  it.each([
    [['12', '12.5', '-3e2', '.5', '+7'], {}],
    [['1,234.50', '950', '12,000'], { thousands: ',' }],
    [['12,5', '3'], { decimal: ',' }],
    [['1.234,56', '950,1'], { decimal: ',', thousands: '.' }],
    [['1 234,56', '1\u00a0000,00'], { decimal: ',', thousands: ' ' }],
    [["1'234.50", '1'], { thousands: "'" }],
    [['$1,234.50', '-$5.00', '$0.99'], { thousands: ',', currency: '$' }],
    [['12,50 €', '3,00 €'], { decimal: ',', currency: '€' }],
  ])('finds how %j are written', (texts, expected) => {
    const guess = guessNumbers(texts);
    expect(guess.share).toBe(1);
    expect(guess.style).toEqual(style(expected as Partial<NumberStyle>));
  });

  it('does not take dates, codes or versions for numbers', () => {
    for (const texts of [['01.02.2024'], ['85123A'], ['1.2.3'], ['1,23,4'], ['12-5'], ['inf'], ['0x1F']]) {
      expect(guessNumbers(texts).share, texts[0]).toBe(0);
    }
  });

  it('settles the decimal sign of a file by the columns that leave no doubt', () => {
    expect(
      guessDecimal([
        ['1.234', '2.500'],
        ['12,5', '3,25'],
      ]),
    ).toBe(',');
    expect(
      guessDecimal([
        ['1,234', '2,500'],
        ['12.5', '3.25'],
      ]),
    ).toBe('.');
    expect(guessDecimal([['1', '2']])).toBeUndefined();
    expect(guessNumbers(['1.234', '2.500'], ',').style).toEqual(style({ decimal: ',', thousands: '.' }));
  });

  it('reads missing marks as NaN and refuses the rest', () => {
    for (const text of ['', ' ', 'NA', 'n/a', 'NaN', 'NULL', 'None', '-', '#N/A']) {
      expect(parseNumber(text, PLAIN), text).toBeNaN();
    }
    for (const text of ['Infinity', '-inf', 'abc', '1,5', '1e999'])
      expect(parseNumber(text, PLAIN), text).toBeUndefined();
  });
});

describe('numbers read by the database', () => {
  it('agree with the parser, whatever the style', async () => {
    const db = await openDatabase('/tmp');
    const signs = fc.constantFrom(
      '0',
      '1',
      '23',
      '456',
      '.',
      ',',
      "'",
      ' ',
      '-',
      '$',
      'NA',
      'x',
      'inf',
      'true',
      'e3',
    );
    const texts = fc.sample(
      fc.array(signs, { maxLength: 6 }).map((parts) => parts.join('')),
      { numRuns: 400, seed: 7 },
    );
    const known = [
      '1234.5',
      '1,234.50',
      '1.234,56',
      '1 234,5',
      "1'234.5",
      '$12',
      '-5',
      'TRUE',
      'no',
      'nan',
      '1e5',
      '12,5',
    ];
    const styles = [
      PLAIN,
      style({ thousands: ',' }),
      style({ decimal: ',' }),
      style({ decimal: ',', thousands: '.' }),
      style({ decimal: ',', thousands: ' ' }),
      style({ thousands: "'" }),
      style({ thousands: ',', currency: '$' }),
      style({ boolean: true }),
    ];
    try {
      const all = [...new Set([...texts, ...known])].filter((text) => text !== '');
      const rows = all.map((text) => `(${`'${text.replaceAll("'", "''")}'`})`).join(', ');
      await db.run(`CREATE TABLE t AS SELECT * FROM (VALUES ${rows}) v(c)`);
      for (const one of styles) {
        const [values] = await db.columns(`SELECT ${numberSql('c', one)} FROM t`);
        for (const [i, text] of all.entries()) {
          const expected = parseNumber(text, one) ?? Number.POSITIVE_INFINITY;
          const found =
            Math.abs(values![i] as number) === Number.POSITIVE_INFINITY
              ? Number.POSITIVE_INFINITY
              : values![i];
          expect(found, `"${text}" as ${JSON.stringify(one)}`).toEqual(expected);
        }
      }
    } finally {
      db.close();
    }
  });
});
