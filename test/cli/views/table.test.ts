import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth, plainText, textTable, truncate } from '../../../src/cli/views/table.ts';

const linesOf = (table: string): string[] => table.trimEnd().split('\n');

describe('text tables', () => {
  it('sets numbers to the right with their points in line, names to the left', () => {
    const table = textTable(
      ['series', 'expected', { header: 'share', unit: 'share' }, 'model'],
      [
        ['A-1', 12_430.4, 0.182, 'theta'],
        ['B', 3.25, 1.2, 'naive'],
        ['C', -7, Number.NaN, undefined],
      ],
    );
    expect(table).toBe(
      [
        'series   expected   share  model',
        '──────  ─────────  ──────  ─────',
        'A-1     12,430.40   18.2%  theta',
        'B            3.25  120.0%  naive',
        'C           −7.00       –',
        '',
      ].join('\n'),
    );
  });

  it('sees numbers in text, but not in names that begin with digits', () => {
    const table = textTable(
      ['id', 'WAPE', 'size', 'run'],
      [
        ['1001', '18%', '4.5 MB', '2026-06-15-a41f'],
        ['7', '', '120 kB', '7'],
      ],
    );
    expect(linesOf(table)[2]).toBe('1001   18%  4.5 MB  2026-06-15-a41f');
    expect(linesOf(table)[3]).toBe('7           120 kB  7');
  });

  it('cuts names, not numbers, where the terminal ends', () => {
    const rows = [
      ['a'.repeat(60), 1_234_567],
      ['b', 1],
    ];
    const table = textTable(['name', 'units'], rows, 30);
    for (const line of linesOf(table)) expect(displayWidth(line)).toBeLessThanOrEqual(30);
    expect(table).toContain(`${'a'.repeat(18)}…  1,234,567`);
  });

  it('draws with ASCII only where told', () => {
    const rows = [
      ['x'.repeat(30), -1.5],
      ['b', Number.NaN],
    ];
    const table = textTable(['name', 'units'], rows, 24, { ascii: true });
    expect(table).toMatch(/^[\n -~]*$/);
    expect(table).toContain('-1.50');
  });

  it('counts wide characters, and lets no control character through', () => {
    expect(displayWidth('茶碗')).toBe(4);
    expect(displayWidth('é')).toBe(1);
    expect(displayWidth('e\u0301')).toBe(1);
    expect(displayWidth('🫖')).toBe(2);
    expect(plainText('a\u001b[31mb\r\n\u202ec')).toBe('a·[31mb···c');
    const rows = [
      ['茶碗', 1],
      ['evil\u001b[2J', 22],
    ];
    const lines = linesOf(textTable(['name', 'units'], rows));
    expect(new Set(lines.map(displayWidth)).size).toBe(1);
    expect(lines.join('')).not.toContain('\u001b');
  });

  it('never cuts to more than it was allowed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (text, most) => {
        expect(displayWidth(truncate(plainText(text), most))).toBeLessThanOrEqual(most);
      }),
    );
  });

  it('stands no rows and short rows', () => {
    expect(textTable(['a', 'b'], [])).toBe('a  b\n─  ─\n');
    expect(textTable(['a', 'b'], [['x']])).toBe('a  b\n─  ─\nx\n');
  });
});
