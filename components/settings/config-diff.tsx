import { Fragment } from 'react';
import type { ConfigDiff as Diff, DiffLine } from '@/lib/contracts/config-versions';
import { classes } from '@/components/ui/classes';
import { formatCounted } from '@/components/ui/format';

const LOOK: Readonly<Record<DiffLine['sign'], string>> = {
  ' ': 'text-text-2',
  '-': 'bg-bad-wash text-text',
  '+': 'bg-good-wash text-text',
};
const SIGN: Readonly<Record<DiffLine['sign'], string>> = { ' ': ' ', '-': '−', '+': '+' };
const SPOKEN: Readonly<Record<DiffLine['sign'], string>> = { ' ': '', '-': 'removed: ', '+': 'added: ' };

function LineNumber({ value }: { value: number | null }) {
  return (
    <span aria-hidden className="inline-block w-10 shrink-0 pr-2 text-right text-text-3 select-none max-md:w-8">
      {value}
    </span>
  );
}

function Line({ line: { sign, before, after, text } }: { line: DiffLine }) {
  return (
    <span className={classes('flex min-w-max pr-3', LOOK[sign])}>
      <LineNumber value={before} />
      <LineNumber value={after} />
      <span aria-hidden className="inline-block w-5 shrink-0 font-semibold select-none">
        {SIGN[sign]}
      </span>
      <span className="whitespace-pre">
        <span className="sr-only">{SPOKEN[sign]}</span>
        {text}
        {'\n'}
      </span>
    </span>
  );
}

/** Lines of the later text that are left out before a hunk. */
function foldedBefore(hunks: Diff['hunks'], index: number): number {
  const last = hunks[index - 1]?.findLast(({ before }) => before !== null)?.before ?? 0;
  const first = hunks[index]?.find(({ before }) => before !== null)?.before ?? last + 1;
  return Math.max(0, first - last - 1);
}

/** How much differs. */
export function diffWords({ added, removed, tooDifferent }: Diff): string {
  const lines = `${formatCounted(added, 'line', 'lines')} added, ${removed} removed`;
  if (tooDifferent) return `${lines}: too much to be shown side by side.`;
  return added + removed === 0 ? 'No line differs.' : `${lines}.`;
}

/** What differs between two texts, line by line: with sign and colour, numbers of both, and what is the same folded. */
export function ConfigDiff({ label, diff }: { label: string; diff: Diff }) {
  if (diff.hunks.length === 0) return <p className="text-text-2">{diffWords(diff)}</p>;
  return (
    <>
      <pre
        tabIndex={0}
        role="group"
        aria-label={label}
        className="max-h-[28rem] overflow-auto rounded-md border border-line bg-bg py-2 font-mono text-xs leading-5"
      >
        {diff.hunks.map((hunk, index) => {
          const folded = foldedBefore(diff.hunks, index);
          return (
            <Fragment key={index}>
              {folded > 0 && (
                <span className="block px-3 text-text-3">
                  ⋯ {formatCounted(folded, 'unchanged line', 'unchanged lines')}
                  {'\n'}
                </span>
              )}
              {hunk.map((line, i) => (
                <Line key={i} line={line} />
              ))}
            </Fragment>
          );
        })}
      </pre>
      <p className="mt-1 text-xs text-text-2">
        {diffWords(diff)}
        {diff.cut && ' There is more than is shown here.'}
      </p>
    </>
  );
}
