'use client';

import type { Session } from '@/lib/contracts/session';
import { Button } from '@/components/ui/button';
import { classes } from '@/components/ui/classes';
import { formatWhen, UNKNOWN } from '@/components/ui/format';
import { Pill } from '@/components/ui/pill';
import { Problem } from '@/components/ui/problem';
import { useNow } from '@/hooks/use-now';
import { useSession } from '@/hooks/use-session';
import { useEndSession, useSessions } from '@/hooks/use-sessions';
import { useSignOut } from '@/hooks/use-sign-out';
import { agentWords } from './agent-words';
import { EmptyPlace, FailedPlace, LoadingRows } from './places';
import { TabHead } from './tab-head';
import { CELL, HEAD, LINE, ROW, TABLE, TBODY, THEAD } from './table-look';

const COLUMNS = ['Browser', 'From', 'Since', 'Ends'] as const;

function SessionRow({ session }: { session: Session }) {
  const { send, pending, error } = useEndSession(session);
  const signOut = useSignOut();
  const now = useNow(false);
  const { current, agent, address, createdAt, expiresAt } = session;
  const browser = agentWords(agent);
  return (
    <>
      <tr className={ROW}>
        <th scope="row" className={classes(CELL, LINE)} title={agent ?? undefined}>
          <span className="inline-flex items-center gap-2">
            <span className="font-medium">{browser}</span>
            {current && <Pill>this one</Pill>}
          </span>
        </th>
        <td className={CELL}>
          <span className="font-mono text-xs">{address ?? UNKNOWN}</span>
        </td>
        <td className={classes(CELL, 'whitespace-nowrap')}>
          <span className="text-text-3 md:hidden">since </span>
          {formatWhen(createdAt, now)}
        </td>
        <td className={classes(CELL, 'whitespace-nowrap')}>
          <span className="text-text-3 md:hidden">ends </span>
          {formatWhen(expiresAt, now)}
        </td>
        <td className={classes(CELL, LINE)}>
          <span className="flex max-md:-ml-2 md:justify-end">
            {current ? (
              <Button kind="quiet" onClick={signOut}>
                Log out
              </Button>
            ) : (
              <Button kind="quiet" onClick={() => void send()} disabled={pending} aria-label={`End ${browser}`}>
                {pending ? 'Ending…' : 'End'}
              </Button>
            )}
          </span>
        </td>
      </tr>
      {error !== null && (
        <tr className="max-md:block">
          <td colSpan={5} className="pb-2 max-md:block">
            <Problem error={error} />
          </td>
        </tr>
      )}
    </>
  );
}

/** Where one is logged in; and how to end that. */
export function SessionsTab() {
  const { actor } = useSession();
  const reading = useSessions(actor?.kind === 'person');
  if (actor !== undefined && actor.kind !== 'person') {
    return (
      <EmptyPlace title="There is no session here">
        {actor.kind === 'local' ? (
          <>
            You are at this machine, so you are admin without a log-in: nothing is kept that could be ended. With{' '}
            <code className="font-mono text-xs">PITWALL_LOCAL_ADMIN=off</code> everybody logs in, here too.
          </>
        ) : (
          'A token asks: revoke it under Tokens.'
        )}
      </EmptyPlace>
    );
  }
  return (
    <>
      <TabHead>Where you are logged in. End what you don’t know, then have an admin make a new link for you.</TabHead>
      {reading.status === 'loading' && <LoadingRows rows={2} />}
      {reading.status === 'failed' && (
        <FailedPlace error={reading.error} retrying={reading.retrying} onRetry={reading.retry} />
      )}
      {reading.status === 'ready' && (
        <table className={TABLE}>
          <thead className={THEAD}>
            <tr>
              {COLUMNS.map((name) => (
                <th key={name} scope="col" className={HEAD}>
                  {name}
                </th>
              ))}
              <th scope="col" className={HEAD}>
                <span className="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody className={TBODY}>
            {reading.data.sessions.map((session) => (
              <SessionRow key={session.id} session={session} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
