'use client';

import Link from 'next/link';
import { Button } from '@/components/ui/button';
import { Problem } from '@/components/ui/problem';
import { Skeleton } from '@/components/ui/skeleton';
import { useInvitation, useSecret } from '@/hooks/use-invitation';
import { JoinForm } from './join-form';

/** What a one-time link leads to: the first account, or a password. */
export function Join() {
  const secret = useSecret();
  const state = useInvitation(secret);
  return (
    <>
      <title>Join · Pitwall</title>
      {state.status === 'loading' && (
        <div role="status" aria-label="Looking at the link">
          <h1 className="sr-only">Looking at the link</h1>
          <Skeleton className="h-7 w-48" />
          <Skeleton className="mt-4 h-4 w-72" />
          <Skeleton className="mt-8 h-8 w-full" />
          <Skeleton className="mt-4 h-8 w-full" />
        </div>
      )}
      {state.status === 'gone' && (
        <>
          <h1 className="text-xl font-semibold">This link doesn’t work any more</h1>
          <p className="mt-2 text-text-2">
            It was used, is too old, or isn’t whole. A link works once. Ask an admin for a new one: Settings, People,
            New link. For the very first account Pitwall prints a new link when it’s started again.
          </p>
          <p className="mt-4 text-text-2">
            You have set a password already?{' '}
            <Link href="/login" className="text-accent underline underline-offset-2">
              Log in
            </Link>
          </p>
        </>
      )}
      {state.status === 'failed' && (
        <>
          <h1 className="mb-4 text-xl font-semibold">The link can’t be looked at now</h1>
          <Problem error={state.error} />
          <Button onClick={state.retry} disabled={state.retrying} className="mt-4">
            {state.retrying ? 'Asking…' : 'Try again'}
          </Button>
        </>
      )}
      {state.status === 'ready' && secret !== null && <JoinForm invitation={state.invitation} secret={secret} />}
    </>
  );
}
