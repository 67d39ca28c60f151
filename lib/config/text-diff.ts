import { diffArrays } from 'diff';
import type { ConfigDiff, DiffLine } from '../contracts/config-versions.ts';

/** Unchanged lines around a change. */
const AROUND = 3;
/** Most lines that are shown. */
export const MOST_SHOWN = 2_000;
/** Most lines that differ: each is a turn of the event loop. */
export const MOST_EDITS = 500;
/** Most lines between what both texts begin with and what both end with. */
export const MOST_COMPARED = 20_000;
/** Longest part of a line that is shown, characters. */
const LONGEST = 1_000;

const NOTHING: ConfigDiff = { added: 0, removed: 0, hunks: [], cut: false, tooDifferent: false };

interface Run {
  readonly sign: DiffLine['sign'];
  readonly lines: readonly string[];
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** How many lines both begin with. */
function commonStart(a: readonly string[], b: readonly string[]): number {
  const most = Math.min(a.length, b.length);
  let count = 0;
  while (count < most && a[count] === b[count]) count += 1;
  return count;
}

/** How many lines both end with, after the first `start`. */
function commonEnd(a: readonly string[], b: readonly string[], start: number): number {
  const most = Math.min(a.length, b.length) - start;
  let count = 0;
  while (count < most && a[a.length - 1 - count] === b[b.length - 1 - count]) count += 1;
  return count;
}

/** In steps between which others have their turn; undefined where more than MOST_EDITS lines differ. */
function runsOf(before: string[], after: string[]): Promise<Run[] | undefined> {
  if (before.length === 0 || after.length === 0) {
    const runs: Run[] = [
      { sign: '-', lines: before },
      { sign: '+', lines: after },
    ];
    return Promise.resolve(runs.filter(({ lines }) => lines.length > 0));
  }
  return new Promise((resolve) => {
    diffArrays(before, after, {
      maxEditLength: MOST_EDITS,
      callback: (changes) =>
        resolve(
          changes?.map(({ added, removed, value }) => ({ sign: added ? '+' : removed ? '-' : ' ', lines: value })),
        ),
    });
  });
}

/** What differs between two texts, line by line; what is the same is left out but for 3 lines around a change. */
export async function diffTexts(before: string, after: string): Promise<ConfigDiff> {
  const [a, b] = [linesOf(before), linesOf(after)];
  const start = commonStart(a, b);
  const end = commonEnd(a, b, start);
  const [inA, inB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  if (inA.length + inB.length === 0) return NOTHING;
  const unlike = { ...NOTHING, added: inB.length, removed: inA.length, tooDifferent: true };
  if (inA.length + inB.length > MOST_COMPARED) return unlike;
  const runs = await runsOf(inA, inB);
  if (runs === undefined) return unlike;
  const from = Math.max(0, start - AROUND);
  const to = Math.min(a.length, a.length - end + AROUND);
  return shown(
    [{ sign: ' ', lines: a.slice(from, start) }, ...runs, { sign: ' ', lines: a.slice(a.length - end, to) }],
    from,
  );
}

/** @param skipped lines of both texts before the first run */
function shown(runs: readonly Run[], skipped: number): ConfigDiff {
  let [before, after] = [skipped, skipped];
  const lines = runs.flatMap(({ sign, lines: texts }) =>
    texts.map((text): DiffLine => {
      if (sign !== '+') before += 1;
      if (sign !== '-') after += 1;
      return {
        sign,
        before: sign === '+' ? null : before,
        after: sign === '-' ? null : after,
        text: text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text,
      };
    }),
  );
  const near = nearChanges(lines);
  const kept = lines.map((line, index) => ({ line, index })).filter(({ index }) => near[index] === true);
  const hunks: DiffLine[][] = [];
  let last = -2;
  for (const { line, index } of kept.slice(0, MOST_SHOWN)) {
    if (index !== last + 1) hunks.push([]);
    hunks.at(-1)?.push(line);
    last = index;
  }
  const count = (sign: DiffLine['sign']): number => lines.filter((line) => line.sign === sign).length;
  return { added: count('+'), removed: count('-'), hunks, cut: kept.length > MOST_SHOWN, tooDifferent: false };
}

/** Of each line whether it's at most AROUND lines from a change. */
function nearChanges(lines: readonly DiffLine[]): boolean[] {
  const near = lines.map(() => false);
  for (const [index, { sign }] of lines.entries()) {
    if (sign === ' ') continue;
    near.fill(true, Math.max(0, index - AROUND), index + AROUND + 1);
  }
  return near;
}
