'use client';

import { ChevronRight } from 'lucide-react';
import type { JournalEntry } from '@/lib/contracts/journal';
import { Button } from '@/components/ui/button';
import { classes } from '@/components/ui/classes';
import { CopyLine } from '@/components/ui/copy-line';
import { formatLatency, formatWhen, UNKNOWN, withUnit } from '@/components/ui/format';
import { StateWord } from '@/components/ui/state';
import { actionWords } from '@/hooks/action-words';
import { JsonChange } from './json-change';
import { actorWords, KIND_MEANS, OUTCOME, whoWords } from './journal-words';
import { CELL, LINE, ROW } from './table-look';

/** Columns of the table, the details' width. */
export const JOURNAL_COLUMNS = ['Time', 'Who', 'From', 'Action', 'Target', 'Outcome', 'Took'] as const;

function Outcome({ entry: { kind, outcome } }: { entry: JournalEntry }) {
  if (outcome !== null) return <StateWord {...OUTCOME[outcome]} size={12} />;
  if (kind === 'gap') return <StateWord state="watch" word="Gap" size={12} />;
  return <span className="text-text-3">{UNKNOWN}</span>;
}

function Details({ entry, onOnly }: { entry: JournalEntry; onOnly: (actor: string) => void }) {
  const { kind, outcome, action, actor, before, after, error, requestId, chain, number, at } = entry;
  const nothing = (before ?? null) === null && (after ?? null) === null;
  return (
    <div className="max-w-4xl space-y-3 pb-4 md:pl-5">
      <p className="text-text-2">
        {kind === 'command' ? `${KIND_MEANS.command}: ` : `${KIND_MEANS[kind]}: `}
        <code className="font-mono text-xs">{action}</code>,{' '}
        <span className="font-mono text-xs">{new Date(at).toISOString()}</span>, number {number} of{' '}
        <span className="font-mono text-xs">{chain}</span>.
        {outcome === 'pending' && ' It was written down before it was tried, and nobody knows what came of it.'}
      </p>
      {error !== null && <p className="rounded-md bg-bad-wash px-3 py-2 [overflow-wrap:anywhere] text-bad">{error}</p>}
      {nothing ? (
        <p className="text-text-3">No more was written down about it.</p>
      ) : (
        <div>
          <p className="mb-1 text-xs font-medium text-text-2">
            {(before ?? null) === null
              ? 'Asked for, or there since'
              : (after ?? null) === null
                ? 'What was there'
                : 'What was there, and what was asked for or is there since'}
          </p>
          <JsonChange label="Before and after" before={before} after={after} />
        </div>
      )}
      {requestId !== null && (
        <div>
          <p className="mb-1 text-xs text-text-2">Request id, as in X-Request-Id and in the log</p>
          <CopyLine text={requestId} />
        </div>
      )}
      <Button onClick={() => onOnly(actor)}>Show only: {actorWords(entry)}</Button>
    </div>
  );
}

interface JournalRowProps {
  readonly entry: JournalEntry;
  /** The page's time, ms since the epoch. */
  readonly now: number;
  readonly open: boolean;
  readonly onToggle: () => void;
  readonly onOnly: (actor: string) => void;
}

/** One entry; open, all that was written down. */
export function JournalRow({ entry, now, open, onToggle, onOnly }: JournalRowProps) {
  const { at, from, target, tookMs } = entry;
  const words = actionWords(entry);
  return (
    <>
      <tr className={classes(ROW, open && 'bg-hover')}>
        <td className={classes(CELL, 'whitespace-nowrap max-md:w-[55%]')}>
          <button
            type="button"
            aria-expanded={open}
            onClick={onToggle}
            className="relative flex h-8 items-center gap-1.5 font-mono text-xs"
          >
            <span className="sr-only">{words},</span>
            <ChevronRight size={14} aria-hidden className={classes('text-text-3', open && 'rotate-90')} />
            {formatWhen(at, now)}
          </button>
        </td>
        <td className={classes(CELL, 'max-md:order-3')}>
          <span className="block max-w-44 truncate">{whoWords(entry)}</span>
        </td>
        <td className={classes(CELL, 'max-md:hidden')}>
          <span className="font-mono text-xs whitespace-nowrap text-text-2">{from ?? UNKNOWN}</span>
        </td>
        <td className={classes(CELL, 'whitespace-nowrap max-md:order-2')}>
          <span className="font-medium">{words}</span>
        </td>
        <td
          className={classes(
            CELL,
            LINE,
            'md:w-full md:max-w-0 max-md:order-4 max-md:min-w-0',
            target === null && 'max-md:hidden',
          )}
        >
          <span className="block truncate font-mono text-xs text-text-2" title={target ?? undefined}>
            {target ?? UNKNOWN}
          </span>
        </td>
        <td className={classes(CELL, 'whitespace-nowrap max-md:order-1 max-md:w-[40%] max-md:text-right!')}>
          <Outcome entry={entry} />
        </td>
        <td className={classes(CELL, 'text-right! whitespace-nowrap max-md:hidden')}>
          {tookMs === null ? UNKNOWN : withUnit(formatLatency(tookMs))}
        </td>
      </tr>
      {open && (
        <tr className="bg-hover max-md:block max-md:border-b">
          <td
            colSpan={JOURNAL_COLUMNS.length}
            className="max-w-0 border-line max-md:block max-md:max-w-none md:border-b"
          >
            <Details entry={entry} onOnly={onOnly} />
          </td>
        </tr>
      )}
    </>
  );
}
