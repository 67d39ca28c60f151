'use client';

import { memo } from 'react';
import type { Change } from '@/lib/contracts/changes';
import { Button } from '@/components/ui/button';
import { describeFailure } from '@/hooks/api-error';
import { useChanges, useOutsideChange } from '@/hooks/use-changes';
import { ChangeRow } from './change-row';

interface WhatChangedProps {
  /** Of the window that is shown, newest first. */
  readonly changes: readonly Change[];
  readonly service: string;
  /** Where the window begins, ms since the epoch. */
  readonly from: number;
  /** Where it ends; null where that is now. */
  readonly to: number | null;
  /** The change that is open here and stands out on the charts. */
  readonly chosen: string | null;
  readonly onChoose: (id: string | null) => void;
}

function WhatChangedOf({ changes: newest, service, from, to, chosen, onChoose }: WhatChangedProps) {
  const { changes, status, error, more, loadMore } = useChanges(service, newest, to);
  const outside = useOutsideChange(chosen, changes);
  const within = changes.filter(({ at }) => at >= from);
  const before = changes.slice(within.length);
  const rows = (list: readonly Change[]) =>
    list.map((change) => (
      <ChangeRow
        key={change.id}
        change={change}
        day={from}
        named={service === 'all' || change.service !== service}
        open={chosen === change.id}
        onToggle={() => onChoose(chosen === change.id ? null : change.id)}
      />
    ));
  return (
    <section aria-label="What changed" className="min-w-0">
      <h2 className="mb-1 text-sm font-medium">
        What changed {within.length > 0 && <span className="font-normal text-text-3">{within.length}</span>}
      </h2>
      {within.length === 0 ? <p className="text-text-2">Nothing in this range.</p> : <ul>{rows(within)}</ul>}
      {outside.change !== null && (
        <>
          <h3 className="mt-3 mb-1 text-xs font-medium text-text-3">Outside this range</h3>
          <ul>{rows([outside.change])}</ul>
        </>
      )}
      {outside.problem !== null && (
        <p role="status" className="mt-2 flex flex-wrap items-baseline gap-x-2 text-text-3">
          {outside.problem}
          <Button kind="quiet" onClick={() => onChoose(null)} className="-ml-2">
            Dismiss
          </Button>
        </p>
      )}
      {before.length > 0 && (
        <>
          <h3 className="mt-3 mb-1 text-xs font-medium text-text-3">Before this range</h3>
          <ul>{rows(before)}</ul>
        </>
      )}
      {status === 'failed' && (
        <p role="alert" className="mt-2 text-bad">
          {describeFailure(error).detail}
        </p>
      )}
      {more ? (
        <Button kind="quiet" onClick={loadMore} disabled={status === 'loading'} className="mt-1 -ml-2">
          {status === 'loading' ? 'Loading…' : status === 'failed' ? 'Retry' : 'Show earlier'}
        </Button>
      ) : (
        before.length === 0 && <p className="mt-1 text-text-3">Nor before it.</p>
      )}
    </section>
  );
}

/** "What changed", the newest first; what is chosen stands out on the charts. */
export const WhatChanged = memo(WhatChangedOf);
