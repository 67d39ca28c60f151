'use client';

import { useState } from 'react';
import { Download, FileUp, Lock } from 'lucide-react';
import type { ConfigVersion, RunningVersion } from '@/lib/contracts/config-versions';
import { Button } from '@/components/ui/button';
import { formatCounted, formatWhen } from '@/components/ui/format';
import { GuardedButton } from '@/components/ui/guarded-button';
import { Problem } from '@/components/ui/problem';
import { useConfigVersions, useOpenVersion, versionKey, type VersionsState } from '@/hooks/use-config-versions';
import { useNow } from '@/hooks/use-now';
import { sourceWords, WAY } from './config-words';
import { ImportConfig } from './import-config';
import { whoWords } from './journal-words';
import { EmptyPlace, FailedPlace, LoadingRows } from './places';
import { TabHead } from './tab-head';
import { HEAD, TABLE, TBODY, THEAD } from './table-look';
import { VERSION_COLUMNS, VersionRow } from './version-row';

function download() {
  const link = document.createElement('a');
  link.href = '/api/config/yaml';
  link.download = '';
  link.click();
}

interface RunsNowProps {
  readonly running: RunningVersion;
  /** How it came to run; undefined where that isn't known. */
  readonly version: ConfigVersion | undefined;
  readonly now: number;
}

/** What runs, since when, by whom; and why it can't be changed here, where that is so. */
function RunsNow({ running, version, now }: RunsNowProps) {
  return (
    <section aria-label="What runs" className="mb-4 rounded-md border border-line px-4 py-3">
      <p className="[overflow-wrap:anywhere]">
        <span className="font-medium">{sourceWords(running.source)}</span>
        {version !== undefined && (
          <span className="text-text-2">
            {' '}
            · version <code className="font-mono text-xs">{running.id}</code> · {WAY[version.way].toLowerCase()}{' '}
            {formatWhen(version.at, now)}, by {whoWords(version)}
          </span>
        )}
      </p>
      {running.readOnly !== null && (
        <p className="mt-2 flex items-start gap-2 [overflow-wrap:anywhere] text-text-2">
          <Lock size={14} aria-hidden className="mt-1 shrink-0 text-text-3" />
          <span>
            <span className="font-medium text-text">Read-only here.</span> {running.readOnly}
          </span>
        </p>
      )}
    </section>
  );
}

/** What the gateway runs on, what it ran on before, and letting something else run. */
export function ConfigurationTab() {
  const state = useConfigVersions();
  const { running, versions } = state;
  const now = useNow(false);
  const [importing, setImporting] = useState(false);
  return (
    <>
      <TabHead
        action={
          <span className="flex gap-2">
            <Button
              onClick={download}
              disabled={running === null}
              title="Downloads what runs, as YAML, without secrets"
            >
              <Download size={14} aria-hidden />
              Export
            </Button>
            {running?.readOnly === null && (
              <GuardedButton needs="policies" kind="strong" onClick={() => setImporting(true)} aria-haspopup="dialog">
                <FileUp size={14} aria-hidden />
                Import…
              </GuardedButton>
            )}
          </span>
        }
      >
        What the gateway runs on. Each change is a version: see what it changed, and let any of them run again.
      </TabHead>
      {running !== null && (
        <RunsNow running={running} version={versions.find(({ id }) => id === running.id)} now={now} />
      )}
      {state.status === 'ready' && running === null && (
        <p className="mb-4 flex items-start gap-2 text-text-2">
          <Lock size={14} aria-hidden className="mt-1 shrink-0 text-text-3" />
          This console has no gateway of its own: what runs is changed where the gateways run.
        </p>
      )}
      <Versions state={state} now={now} />
      {importing && <ImportConfig onClose={() => setImporting(false)} />}
    </>
  );
}

function Versions({ state, now }: { state: VersionsState; now: number }) {
  const [open, setOpen] = useOpenVersion();
  const { status, running, versions, error, reading, more } = state;
  if (status === 'loading') return <LoadingRows rows={6} />;
  if (status === 'failed') return <FailedPlace error={error} retrying={reading} onRetry={state.refresh} />;
  if (versions.length === 0) {
    return (
      <EmptyPlace title="No version yet">
        {running?.source.kind === 'sample'
          ? 'The sample is nobody’s configuration. Import one, and it runs in place of the sample from then on.'
          : 'A version is noted when a configuration comes to run.'}
      </EmptyPlace>
    );
  }
  const newest = versions.find(({ id }) => id === running?.id);
  return (
    <>
      <table className={TABLE}>
        <thead className={THEAD}>
          <tr>
            {VERSION_COLUMNS.map((name) => (
              <th key={name} scope="col" className={HEAD}>
                {name}
              </th>
            ))}
            <th scope="col" className={HEAD}>
              <span className="sr-only">State</span>
            </th>
          </tr>
        </thead>
        <tbody className={TBODY}>
          {versions.map((version) => {
            const key = versionKey(version);
            return (
              <VersionRow
                key={key}
                version={version}
                now={now}
                open={key === open}
                runs={version === newest}
                restorable={running !== null && running.readOnly === null && version.id !== running.id}
                onToggle={() => setOpen(key === open ? null : key)}
              />
            );
          })}
        </tbody>
      </table>
      <div className="mt-4 flex flex-wrap items-center gap-3">
        {more !== 'none' && (
          <Button onClick={state.readMore} disabled={more === 'reading'}>
            {more === 'reading' ? 'Reading…' : 'Show more'}
          </Button>
        )}
        <p role="status" className="text-text-3">
          {formatCounted(versions.length, 'version', 'versions')}
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
