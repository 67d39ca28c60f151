'use client';

import { useEffect, useRef } from 'react';
import { Filter, X } from 'lucide-react';
import { missReasonText } from '@/lib/contracts/miss-reason';
import type { Result } from '@/lib/contracts/traffic';
import { Button } from '@/components/ui/button';
import { CopyLine } from '@/components/ui/copy-line';
import { formatBytes, formatLatency, withUnit } from '@/components/ui/format';
import type { FilterList } from '@/hooks/tail-params';
import type { TailLine } from '@/hooks/tail-ring';
import { REQUEST_COLUMNS, formatMoment } from './request-columns';
import { RESULT } from './result-words';

interface RequestDetailProps {
  readonly line: TailLine;
  readonly onFilter: (list: FilterList, value: string) => void;
  readonly onClose: () => void;
}

/** Facts of a request that are also columns one can filter by, in the order of the table. */
const FACTS = REQUEST_COLUMNS.filter(({ filter }) => filter !== undefined);

function Because({ line }: { line: TailLine }) {
  const result = line.result in RESULT ? RESULT[line.result as Result] : undefined;
  const reason = missReasonText(line.reason);
  return (
    <div className="space-y-1 text-text-2">
      {result !== undefined && <p>{result.because}</p>}
      {reason !== undefined && (
        <p>
          {reason.because} {reason.remedy}
        </p>
      )}
      {line.aborted && <p>The client left before the answer was complete.</p>}
    </div>
  );
}

/** One request in full: what happened, why, and how to find it in the log. */
export function RequestDetail({ line, onFilter, onClose }: RequestDetailProps) {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.focus(), [line]);
  return (
    <aside
      ref={panel}
      tabIndex={-1}
      aria-label="Request"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onClose();
      }}
      className="min-w-0 space-y-3 border-line-strong py-3 outline-none xl:border-l xl:pl-4"
    >
      <div className="flex items-start justify-between gap-3">
        <h3 className="min-w-0 font-mono text-xs leading-5 [overflow-wrap:anywhere]">
          {line.method} {line.path}
        </h3>
        <Button kind="quiet" square onClick={onClose} aria-label="Close" className="-mt-1.5">
          <X size={16} aria-hidden />
        </Button>
      </div>
      <p className="text-text-2">
        {formatMoment(line.at)} · {withUnit(formatLatency(line.ms))} · {withUnit(formatBytes(line.bytes))}
      </p>
      <Because line={line} />
      <dl className="grid grid-cols-[64px_minmax(0,1fr)_auto] items-center gap-x-3">
        <dt className="text-text-3">Host</dt>
        <dd className="col-span-2 truncate font-mono text-xs leading-8">{line.host}</dd>
        {FACTS.map(({ key, label, text, filter }) => {
          const value = filter?.value(line) ?? null;
          if (filter === undefined || value === null) return null;
          return (
            <div key={key} className="contents">
              <dt className="text-text-3">{label}</dt>
              <dd className="truncate leading-8" title={text(line)}>
                {text(line)}
              </dd>
              <dd className="-mr-2">
                <Button
                  kind="quiet"
                  square
                  onClick={() => onFilter(filter.list, value)}
                  aria-label={`Only ${label.toLowerCase()} ${text(line)}`}
                  title={`Only ${text(line)}`}
                >
                  <Filter size={14} aria-hidden />
                </Button>
              </dd>
            </div>
          );
        })}
      </dl>
      <div>
        <p className="mb-1 text-text-3">Request id, as in X-Request-Id and in the access log</p>
        <CopyLine text={line.id} />
      </div>
    </aside>
  );
}
