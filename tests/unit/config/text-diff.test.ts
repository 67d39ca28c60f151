import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffTexts, MOST_COMPARED, MOST_EDITS, MOST_SHOWN } from '../../../lib/config/text-diff.ts';
import type { ConfigDiff } from '../../../lib/contracts/config-versions.ts';

const words = ({ hunks }: ConfigDiff): string[][] => hunks.map((hunk) => hunk.map(({ sign, text }) => sign + text));
const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
const numbered = (count: number, word = 'line'): string[] =>
  Array.from({ length: count }, (_, i) => `${word} ${i + 1}`);

describe('the difference of two texts', () => {
  it('is nothing where they are the same, whatever ends their lines', async () => {
    const nothing = { added: 0, removed: 0, hunks: [], cut: false, tooDifferent: false };
    expect(await diffTexts('a\nb\n', 'a\r\nb')).toEqual(nothing);
    expect(await diffTexts('', '')).toEqual(nothing);
  });

  it('shows what changed with three lines around it, and their numbers in both', async () => {
    const before = numbered(30);
    const after = [...before.slice(0, 4), 'new', ...before.slice(4, 20), 'line 21 changed', ...before.slice(21)];
    const diff = await diffTexts(text(before), text(after));
    expect(words(diff)).toEqual([
      [' line 2', ' line 3', ' line 4', '+new', ' line 5', ' line 6', ' line 7'],
      [' line 18', ' line 19', ' line 20', '-line 21', '+line 21 changed', ' line 22', ' line 23', ' line 24'],
    ]);
    expect(diff.hunks[0]?.[3]).toEqual({ sign: '+', before: null, after: 5, text: 'new' });
    expect(diff.hunks[0]?.[4]).toEqual({ sign: ' ', before: 5, after: 6, text: 'line 5' });
    expect(diff.hunks[1]?.[3]).toEqual({ sign: '-', before: 21, after: null, text: 'line 21' });
    expect(diff).toMatchObject({ added: 2, removed: 1, cut: false, tooDifferent: false });
  });

  it('begins with nothing, or ends there', async () => {
    expect(words(await diffTexts('', 'a\nb\n'))).toEqual([['+a', '+b']]);
    expect(words(await diffTexts('a\n', ''))).toEqual([['-a']]);
  });

  it('leads from one to the other, whatever they are', async () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', '', '  d'), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(lines, lines, async (before, after) => {
        const { hunks } = await diffTexts(text(before), text(after));
        const made: string[] = [];
        let read = 0;
        for (const line of hunks.flat()) {
          if (line.before !== null) while (read < line.before - 1) made.push(before[read++]!);
          if (line.sign !== '+') expect(line.text).toBe(before[read++]);
          if (line.sign !== '-') made.push(line.text);
        }
        expect([...made, ...before.slice(read)]).toEqual(after);
      }),
    );
  });

  it('is bounded: in lines that differ, in lines that are shown, in the length of a line', async () => {
    const [few, many] = [numbered(MOST_EDITS / 2), numbered(MOST_EDITS / 2 + 1)];
    const other = (lines: readonly string[]): string[] => lines.map((line) => `other ${line}`);
    expect(await diffTexts(text(few), text(other(few)))).toMatchObject({ tooDifferent: false, added: few.length });
    expect(await diffTexts(text(many), text(other(many)))).toEqual({
      added: many.length,
      removed: many.length,
      hunks: [],
      cut: false,
      tooDifferent: true,
    });
    const long = await diffTexts('', text(numbered(MOST_SHOWN + 1)));
    expect([long.cut, long.added, long.hunks.flat().length]).toEqual([true, MOST_SHOWN + 1, MOST_SHOWN]);
    expect((await diffTexts('', text(numbered(MOST_SHOWN)))).cut).toBe(false);
    expect((await diffTexts('', text(numbered(MOST_COMPARED)))).tooDifferent).toBe(false);
    expect((await diffTexts('', text(numbered(MOST_COMPARED + 1)))).tooDifferent).toBe(true);
    expect(words(await diffTexts('', 'x'.repeat(5_000)))[0]?.[0]).toHaveLength(1_002);
  });

  it('lets others have their turn: texts of a MiB without a common line hold nobody up', async () => {
    const big = (word: string): string =>
      Array.from({ length: 9_000 }, (_, i) => `${word}${i}`.padEnd(110, '.')).join('\n');
    const [before, after] = [big('a'), big('b')];
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    expect(await diffTexts(before, after)).toMatchObject({ tooDifferent: true, added: 9_000 });
    clearInterval(timer);
    // Generous: other tests share the machine. In one piece it would be seconds.
    expect(longest).toBeLessThan(250);
  });
});
