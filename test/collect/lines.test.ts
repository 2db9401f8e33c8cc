import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordLines } from '../../src/collect/lines.ts';
import { splitRecords } from '../../src/collect/sniff.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('lines of records', () => {
  it.each([
    ['a,b\n1,2\n3,4\n', [1, 2, 3]],
    ['a,b\r\n\r\n1,2\r\n', [1, 3]],
    ['a,b\n"x\ny",2\n3,4', [1, 2, 4]],
    ['a,b\n"x ""\n"" y",2\n3,4', [1, 2, 4]],
    ['a,b\n5" pipe,2\n3" pipe,4\n', [1, 2, 3]],
    ['', []],
  ])('%j', (text, lines) => {
    expect([...recordLines(bytes(text), ',')]).toEqual(lines);
  });

  it('find every record that the splitter finds, at the line where it starts', () => {
    const field = fc.stringMatching(/^[ab,"\n]{0,4}$/).map((text) => `"${text.replaceAll('"', '""')}"`);
    const record = fc.array(field, { minLength: 1, maxLength: 3 }).map((fields) => fields.join(','));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(record, fc.constantFrom('\n', '\n\n', '\r\n')), { maxLength: 8 }),
        (parts) => {
          let line = 1;
          const starts: number[] = [];
          for (const [text, end] of parts) {
            starts.push(line);
            line += (text + end).split('\n').length - 1;
          }
          const text = parts.map(([one, end]) => one + end).join('');
          expect([...recordLines(bytes(text), ',')]).toEqual(starts);
          // A record of one empty field is a blank line to the splitter.
          const blank = parts.filter(([one]) => one === '""').length;
          expect(splitRecords(text, ',', 1000)).toHaveLength(parts.length - blank);
        },
      ),
    );
  });
});
