'use client';

import { useState } from 'react';
import { KeyRound } from 'lucide-react';
import type { NewTokenAnswer } from '@/lib/contracts/tokens';
import { Button } from '@/components/ui/button';
import { useTokens } from '@/hooks/use-tokens';
import { MakeToken } from './make-token';
import { EmptyPlace, FailedPlace, LoadingRows } from './places';
import { TabHead } from './tab-head';
import { HEAD, TABLE, TBODY, THEAD } from './table-look';
import { TokenDialog } from './token-dialog';
import { TokenRow } from './token-row';

const COLUMNS = ['Name', 'Begins with', 'May', 'Made by', 'Last used', 'Expires'] as const;

/** Secrets for scripts, CI and Prometheus. */
export function TokensTab() {
  const reading = useTokens();
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<NewTokenAnswer | null>(null);
  return (
    <>
      <TabHead
        action={
          <Button kind="strong" onClick={() => setMaking(true)} aria-haspopup="dialog">
            <KeyRound size={14} aria-hidden />
            Make a token…
          </Button>
        }
      >
        For scripts, CI and Prometheus: each may only what is ticked, and ends by itself.
      </TabHead>
      {reading.status === 'loading' && <LoadingRows rows={3} />}
      {reading.status === 'failed' && (
        <FailedPlace error={reading.error} retrying={reading.retrying} onRetry={reading.retry} />
      )}
      {reading.status === 'ready' && reading.data.tokens.length === 0 && (
        <EmptyPlace title="There are no tokens">
          Make one for what asks without a person: Prometheus needs “metrics”, a deployment that clears needs “clear”.
        </EmptyPlace>
      )}
      {reading.status === 'ready' && reading.data.tokens.length > 0 && (
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
            {reading.data.tokens.map((token) => (
              <TokenRow key={token.id} token={token} />
            ))}
          </tbody>
        </table>
      )}
      {making && (
        <MakeToken
          onClose={() => setMaking(false)}
          onMade={(answer) => {
            setMaking(false);
            setMade(answer);
          }}
        />
      )}
      {made !== null && <TokenDialog made={made} onClose={() => setMade(null)} />}
    </>
  );
}
