'use client';

import { useState } from 'react';
import { Download, RotateCw } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { classes } from '@/components/ui/classes';
import { formatCounted } from '@/components/ui/format';
import { Problem } from '@/components/ui/problem';
import { isAnyEntry, journalQuery, type JournalLook } from '@/hooks/journal-params';
import { useJournal, useJournalLook, type JournalState } from '@/hooks/use-journal';
import { useNow } from '@/hooks/use-now';
import { entryId, JournalFilter } from './journal-filter';
import { JOURNAL_COLUMNS, JournalRow } from './journal-row';
import { EmptyPlace, FailedPlace, LoadingRows } from './places';
import { HEAD, TABLE, TBODY, THEAD } from './table-look';

/** Downloads the newest of what is filtered. */
function download(look: JournalLook, format: 'csv' | 'json') {
  const query = journalQuery(look, Date.now());
  query.set('format', format);
  const link = document.createElement('a');
  link.href = `/api/journal/export?${query}`;
  link.download = '';
  link.click();
}

/** Who did what, from where, and what came of it. */
export function JournalTab() {
  const [look, change] = useJournalLook();
  const journal = useJournal(look);
  const [open, setOpen] = useState<string | null>(null);
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 py-4">
        <JournalFilter look={look} onChange={change} />
        <div className="flex gap-2">
          <Button
            kind="quiet"
            square
            onClick={journal.refresh}
            disabled={journal.reading}
            aria-label="Read again"
            title="Read again"
          >
            <RotateCw size={14} aria-hidden />
          </Button>
          {(['csv', 'json'] as const).map((format) => (
            <Button
              key={format}
              onClick={() => download(look, format)}
              title="Downloads what these filters leave: the newest 10,000 at most"
            >
              <Download size={14} aria-hidden />
              {format.toUpperCase()}
            </Button>
          ))}
        </div>
      </div>
      <Entries
        journal={journal}
        look={look}
        onChange={change}
        open={open}
        onToggle={(id) => setOpen(id === open ? null : id)}
      />
    </>
  );
}

interface EntriesProps {
  readonly journal: JournalState;
  readonly look: JournalLook;
  readonly onChange: (part: Partial<JournalLook>) => void;
  /** The entry that is open. */
  readonly open: string | null;
  readonly onToggle: (id: string) => void;
}

function Entries({ journal, look, onChange, open, onToggle }: EntriesProps) {
  const { status, entries, error, reading, more } = journal;
  const now = useNow(false);
  if (status === 'loading') return <LoadingRows rows={8} />;
  if (status === 'failed') return <FailedPlace error={error} retrying={reading} onRetry={journal.refresh} />;
  if (entries.length === 0 && more !== 'none') {
    return (
      <EmptyPlace title="Nothing like that in the newest records">
        <p className="mb-3">A search looks at a part of the journal at a time. Older ones may be like that.</p>
        <Button onClick={journal.readMore} disabled={more === 'reading'}>
          {more === 'reading' ? 'Searching…' : 'Search older ones'}
        </Button>
      </EmptyPlace>
    );
  }
  if (entries.length === 0) {
    const narrowed = !isAnyEntry(look);
    return (
      <EmptyPlace title={narrowed ? 'Nothing in the journal is like that' : 'Nothing was done in this time'}>
        <p className="mb-3">
          {narrowed ? 'Fewer filters, or a longer time, may find it.' : 'A longer time may have something.'}
        </p>
        <span className="flex gap-2">
          {narrowed && (
            <Button onClick={() => onChange({ text: '', kind: null, outcome: null, actor: null })}>Clear filter</Button>
          )}
          {look.span !== 'all' && <Button onClick={() => onChange({ span: 'all' })}>All time</Button>}
        </span>
      </EmptyPlace>
    );
  }
  return (
    <>
      <table className={TABLE}>
        <thead className={THEAD}>
          <tr>
            {JOURNAL_COLUMNS.map((name) => (
              <th key={name} scope="col" className={classes(HEAD, name === 'Took' && 'text-right!')}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className={TBODY}>
          {entries.map((entry) => {
            const id = entryId(entry);
            return (
              <JournalRow
                key={id}
                entry={entry}
                now={now}
                open={id === open}
                onToggle={() => onToggle(id)}
                onOnly={(actor) => onChange({ actor })}
              />
            );
          })}
        </tbody>
      </table>
      <div className="mt-4 flex flex-wrap items-center gap-3">
        {more !== 'none' && (
          <Button onClick={journal.readMore} disabled={more === 'reading'}>
            {more === 'reading' ? 'Reading…' : 'Show more'}
          </Button>
        )}
        <p role="status" className="text-text-3">
          {formatCounted(entries.length, 'entry', 'entries')}
          {more === 'none' ? ', and no older ones' : ', newest first'}
        </p>
      </div>
      {error !== null && (
        <div className="mt-2">
          <Problem error={error} />
        </div>
      )}
    </>
  );
}
