'use client';

import { useState } from 'react';
import { ChevronRight } from 'lucide-react';
import type { ConfigVersion } from '@/lib/contracts/config-versions';
import { Button } from '@/components/ui/button';
import { classes } from '@/components/ui/classes';
import { formatWhen } from '@/components/ui/format';
import { GuardedButton } from '@/components/ui/guarded-button';
import { Problem } from '@/components/ui/problem';
import { StateWord } from '@/components/ui/state';
import { TextBlock } from '@/components/ui/text-block';
import { TwiceButton } from '@/components/ui/twice-button';
import { isNotFound } from '@/hooks/api-error';
import { useConfigVersion, useRestoreConfig } from '@/hooks/use-config-versions';
import { useSession } from '@/hooks/use-session';
import { ConfigDiff } from './config-diff';
import { WAY } from './config-words';
import { whoWords } from './journal-words';
import { FailedPlace, LoadingRows } from './places';
import { CELL, LINE, ROW } from './table-look';

/** Columns of the table, the details' width. */
export const VERSION_COLUMNS = ['When', 'What changed', 'How', 'Who', 'Version'] as const;

const VIEWS = ['before', 'running', 'text'] as const;
type View = (typeof VIEWS)[number];
const VIEW: Readonly<Record<View, string>> = {
  before: 'Against the one before',
  running: 'Against what runs',
  text: 'Whole text',
};

interface DetailsProps {
  readonly version: ConfigVersion;
  readonly runs: boolean;
}

function Details({ version: { id, previous }, runs }: DetailsProps) {
  const views = VIEWS.filter((view) => (view === 'before' ? previous !== null : view === 'running' ? !runs : true));
  const [view, setView] = useState<View>(views[0] ?? 'text');
  const reading = useConfigVersion(id, view === 'before' ? previous : view === 'running' ? 'running' : null);
  return (
    <div className="pt-2 pb-4 md:pl-5">
      {views.length > 1 && (
        <div role="group" aria-label="What is shown" className="mb-2 flex flex-wrap gap-1">
          {views.map((each) => (
            <Button
              key={each}
              kind={each === view ? 'chosen' : 'quiet'}
              aria-pressed={each === view}
              onClick={() => setView(each)}
            >
              {VIEW[each]}
            </Button>
          ))}
        </div>
      )}
      {reading.status === 'loading' && <LoadingRows rows={3} />}
      {reading.status === 'failed' &&
        (isNotFound(reading.error) ? (
          <p className="text-text-2">
            A text of this is no longer kept: the newest 500 are, at most 32 MiB of them. What was done stays in the
            journal.
          </p>
        ) : (
          <FailedPlace error={reading.error} retrying={reading.retrying} onRetry={reading.retry} />
        ))}
      {reading.status === 'ready' &&
        (view === 'text' || reading.data.diff === null ? (
          <TextBlock label={`Text of the version ${id}`} text={reading.data.yaml} />
        ) : (
          <ConfigDiff label={`Changes of the version ${id}`} diff={reading.data.diff} />
        ))}
    </div>
  );
}

interface RestoreProps {
  readonly id: string;
  readonly pending: boolean;
  readonly onConfirm: () => void;
}

function Restore({ id, pending, onConfirm }: RestoreProps) {
  const { may } = useSession();
  if (may('policies')) return <TwiceButton word="Restore" what={id} disabled={pending} onConfirm={onConfirm} />;
  return (
    <GuardedButton needs="policies" kind="quiet" aria-label={`Restore ${id}`}>
      Restore…
    </GuardedButton>
  );
}

interface VersionRowProps {
  readonly version: ConfigVersion;
  /** The page's time, ms since the epoch. */
  readonly now: number;
  readonly open: boolean;
  /** It's what the gateway runs on. */
  readonly runs: boolean;
  /** Whether it can be let run again here. */
  readonly restorable: boolean;
  readonly onToggle: () => void;
}

/** One version; open, what it changed. */
export function VersionRow({ version, now, open, runs, restorable, onToggle }: VersionRowProps) {
  const { id, at, way, words } = version;
  const { send, pending, error } = useRestoreConfig(id);
  return (
    <>
      <tr className={classes(ROW, open && 'bg-hover')}>
        <td className={classes(CELL, 'whitespace-nowrap max-md:flex-1')}>
          <button
            type="button"
            aria-expanded={open}
            onClick={onToggle}
            className="relative flex h-8 items-center gap-1.5 font-mono text-xs"
          >
            <span className="sr-only">{words}</span>
            <ChevronRight size={14} aria-hidden className={classes('text-text-3', open && 'rotate-90')} />
            {formatWhen(at, now)}
          </button>
        </td>
        <td className={classes(CELL, LINE, 'md:w-full md:max-w-0 max-md:order-2')}>
          <span className="block truncate max-md:whitespace-normal" title={words}>
            {words}
          </span>
        </td>
        <td className={classes(CELL, 'whitespace-nowrap text-text-2 max-md:order-3')}>{WAY[way]}</td>
        <td className={classes(CELL, 'max-md:order-4')}>
          <span className="block max-w-44 truncate">{whoWords(version)}</span>
        </td>
        <td className={classes(CELL, 'max-md:order-1')}>
          <code className="font-mono text-xs text-text-2">{id}</code>
        </td>
        <td className={classes(CELL, 'max-md:order-5')}>
          <span className="flex items-center md:justify-end">
            {runs && <StateWord state="good" word="Runs" size={12} />}
            {restorable && <Restore id={id} pending={pending} onConfirm={() => void send()} />}
          </span>
        </td>
      </tr>
      {error !== null && (
        <tr className="max-md:block">
          <td colSpan={VERSION_COLUMNS.length + 1} className="py-2 max-md:block">
            <Problem error={error} />
          </td>
        </tr>
      )}
      {open && (
        <tr className="bg-hover max-md:block max-md:border-b">
          <td
            colSpan={VERSION_COLUMNS.length + 1}
            className="max-w-0 border-line max-md:block max-md:max-w-none md:border-b"
          >
            <Details version={version} runs={runs} />
          </td>
        </tr>
      )}
    </>
  );
}
