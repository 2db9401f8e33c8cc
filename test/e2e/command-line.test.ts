import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { day, shell, steadyWeek, twoProducts } from '../shell.ts';

const { folder, store, printed, run: onStore } = shell();

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const good = (): string => file('good.csv', twoProducts(60, steadyWeek));
const run = (...argv: string[]): Promise<number> => onStore(...argv, '--threads', '1');

describe('forecast', () => {
  it('prints the forecast as CSV and keeps a run that forecasts the same again', async () => {
    expect(await run('forecast', good(), '-H', '7')).toBe(0);
    const rows = printed.out.trim().split('\n');
    expect(rows[0]).toBe('unique_id,ds,mean,lo-80,hi-80,lo-95,hi-95');
    expect(rows).toHaveLength(1 + 2 * 7);
    expect(rows[1]).toMatch(/^cup,2026-03-02,/);
    expect(printed.talk).toContain('took "sku" as the series id');
    expect(printed.talk).toMatch(/which it had not seen, the forecast was off by/);
    const first = printed.out;
    printed.out = '';
    expect(await run('forecast', '--run', 'latest')).toBe(0);
    expect(printed.out).toBe(first);
    printed.out = '';
    expect(await run('forecast', '--run', 'latest', '-H', '10', '--quiet')).toBe(0);
    expect(printed.out.trim().split('\n')).toHaveLength(1 + 2 * 10);
    expect(await run('forecast', '--run', 'latest', '--level', '77')).toBe(2);
    expect(printed.talk).toMatch(/has no 77% interval; it was trained for 80, 95%/);
  });

  it('gives the same bytes on two threads, and no talk when quiet', async () => {
    const path = good();
    expect(await run('forecast', path, '-H', '7', '--no-save', '--quiet')).toBe(0);
    const one = printed.out;
    expect(printed.talk).toBe('');
    printed.out = '';
    expect(await main(['forecast', path, '-H', '7', '--no-save', '--quiet', '--threads', '2'])).toBe(0);
    expect(printed.out).toBe(one);
  });

  it('names the model of each series where asked, and the fallback with its reason', async () => {
    const path = file(
      'short.csv',
      `${twoProducts(60, (t) => 5 + (t % 7))}2026-02-28,new,4\n2026-03-01,new,6\n`,
    );
    expect(await run('forecast', path, '-H', '3', '--models', 'holt', '--show-model', '--no-save')).toBe(0);
    expect(printed.out.split('\n')[0]).toBe('unique_id,ds,model,mean,lo-80,hi-80,lo-95,hi-95');
    expect(printed.out).toMatch(/^new,2026-03-02,naive,6,/m);
    expect(printed.talk).toMatch(
      /1 series was served by a simpler model.*\n.*series "new": .*; served by naive/,
    );
  });

  it('takes models that work with others, and tells them by these', async () => {
    const models = 'combination(ses,drift),box-cox(ses,lambda=0)';
    const flags = ['--season-length', '1', '--no-save'];
    expect(await run('backtest', good(), '-H', '7', '--models', models, ...flags)).toBe(0);
    expect(printed.out).toMatch(/^combination\(ses,drift\) /m);
    expect(printed.out).toMatch(/^box-cox\(ses\) /m);
    printed.out = '';
    const alone = ['--models', 'combination(ses,drift)', '--show-model', ...flags];
    expect(await run('forecast', good(), '-H', '7', ...alone)).toBe(0);
    expect(printed.out).toMatch(/,"combination\(ses,drift\)",/);
  });

  it('looks before the work at the folders it will write to', async () => {
    const lost = join(folder, 'nowhere', 'x');
    for (const [command, flag] of [
      ['forecast', '--output'],
      ['forecast', '--report'],
      ['train', '--report'],
    ] as const) {
      printed.talk = '';
      expect(await run(command, good(), '-H', '7', flag, lost)).toBe(2);
      expect(printed.talk).toMatch(
        /^error: ".*x" cannot be written: there is no folder ".*nowhere"; make it first\.\n$/,
      );
    }
    expect(printed.out).toBe('');
  });

  it('writes JSON, a file, and a report that loads nothing', async () => {
    const report = join(folder, 'report.html');
    const target = join(folder, 'forecast.csv');
    expect(await run('forecast', good(), '-H', '7', '--no-save', '-o', target, '--report', report)).toBe(0);
    expect(printed.out).toBe('');
    expect(readFileSync(target, 'utf8')).toMatch(/^unique_id,ds,mean/);
    expect(readFileSync(report, 'utf8')).not.toMatch(/(src|href)="https?:/);
    expect(await run('forecast', good(), '-H', '2', '--no-save', '--json')).toBe(0);
    expect(JSON.parse(printed.out)).toHaveLength(4);
  });
});

describe('the other commands', () => {
  it('inspect, backtest, chart, train, runs and compare work on one file', async () => {
    const path = good();
    expect(await main(['inspect', path])).toBe(0);
    expect(printed.out).toContain('2 series of units, one value a day (D)');
    expect(await run('backtest', path, '-H', '7', '--by', 'overall')).toBe(0);
    expect(printed.out).toMatch(/seasonal-naive/);
    expect(await run('chart', path, '-H', '7', '--series', 'pot', '--ascii')).toBe(0);
    expect(printed.out).toContain('pot: units');
    printed.out = '';
    expect(await run('train', path, '-H', '7')).toBe(0);
    expect(printed.out).toMatch(/^\d{8}-\d{4}-\w{4}\n$/);
    const id = printed.out.trim();
    for (const argv of [
      ['runs', 'ls'],
      ['runs', 'show', id],
      ['runs', 'gc'],
      ['compare', id, 'latest'],
    ]) {
      expect(await main([...argv, '--store', store])).toBe(0);
    }
    expect(await main(['runs', 'rm', id, '--store', store])).toBe(0);
    expect(await main(['runs', 'show', id, '--store', store])).toBe(2);
  });
});

describe('bad input gets one sentence and the right exit code', () => {
  const cases: [name: string, argv: () => string[], code: number, sentence: RegExp][] = [
    ['no file', () => ['forecast'], 2, /give a sales file/],
    ['a file that is not there', () => ['forecast', join(folder, 'none.csv')], 2, /none\.csv/],
    ['an empty file', () => ['forecast', file('empty.csv', '')], 3, /empty\.csv/],
    ['a header only', () => ['forecast', file('head.csv', 'date,sku,units\n')], 3, /head\.csv/],
    [
      'text in the target',
      () => [
        'forecast',
        file(
          'text.csv',
          twoProducts(30, (t) => (t === 9 ? 'many' : t)),
        ),
      ],
      3,
      /text\.csv, row 11.*"many"/,
    ],
    [
      'an impossible date',
      () => ['forecast', file('date.csv', twoProducts(30, (t) => t).replace(day(4), '2026-02-30'))],
      3,
      /date\.csv.*2026-02-30/,
    ],
    [
      'two values for one day',
      () => ['forecast', file('twice.csv', twoProducts(30, (t) => t).replace(day(4), day(3)))],
      3,
      /twice\.csv, rows 5 and 6.*duplicates/,
    ],
    [
      'infinity',
      () => [
        'forecast',
        file(
          'inf.csv',
          twoProducts(30, (t) => (t === 2 ? 'Infinity' : t)),
        ),
      ],
      3,
      /inf\.csv/,
    ],
    [
      'a horizon longer than history',
      () => ['forecast', good(), '-H', '400'],
      3,
      /horizon of 400 days is longer than the longest history, 60 days/,
    ],
    ['an unknown column', () => ['forecast', good(), '--target', 'unit'], 2, /Did you mean "units"/],
    ['an unknown model', () => ['forecast', good(), '--models', 'tetha'], 2, /Did you mean "theta"/],
    [
      'a horizon that is no number',
      () => ['forecast', good(), '-H', 'soon'],
      2,
      /"soon" is not a whole number/,
    ],
    [
      'a level that is none',
      () => ['forecast', good(), '--level', '150'],
      2,
      /"150" is not between 0 and 100/,
    ],
    [
      'a known column without a future',
      () => [
        'forecast',
        file(
          'price.csv',
          twoProducts(30, (t) => t)
            .replaceAll(/,(\d+)\n/g, ',$1,2\n')
            .replace('units', 'units,price'),
        ),
        '--known',
        'price',
        '-H',
        '7',
      ],
      3,
      /known-future column "price" has no value for series "cup" on 2026-01-31/,
    ],
    ['an unknown run', () => ['forecast', '--run', 'nothing'], 2, /nothing/],
    ['an unknown format', () => ['forecast', good(), '--format', 'xml'], 2, /xml/],
  ];

  it.each(cases)('%s', async (_, argv, code, sentence) => {
    expect(await run(...argv())).toBe(code);
    expect(printed.out).toBe('');
    const errors = printed.talk.split('\n').filter((line) => line.startsWith('error: '));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(sentence);
    expect(printed.talk).not.toMatch(/\n\s+at /);
  });

  it('leaves commander’s own refusals at exit code 2', async () => {
    expect(await main(['forecst'])).toBe(2);
    expect(await main(['forecast', good(), '--horizn', '3'])).toBe(2);
    expect(printed.talk).toContain('--horizon');
  });
});
