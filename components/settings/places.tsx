import type { ReactNode } from 'react';
import { Lock, OctagonX } from 'lucide-react';
import { PERMISSIONS, type Permission } from '@/lib/contracts/access';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { describeFailure } from '@/hooks/api-error';

/** What stands in place of a tab's table: nothing yet, nothing at all, nothing that can be had, nothing for you. */

/** Holds the place of so many rows. */
export function LoadingRows({ rows = 4 }: { rows?: number }) {
  return (
    <div role="status" aria-label="Loading" className="mt-4">
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} className="flex h-11 items-center gap-6 border-b border-line">
          <Skeleton className="h-3 w-40" />
          <Skeleton className="h-3 w-56 max-md:hidden" />
          <Skeleton className="h-3 w-20" />
        </div>
      ))}
    </div>
  );
}

interface FailedPlaceProps {
  readonly error: unknown;
  readonly retrying: boolean;
  readonly onRetry: () => void;
}

export function FailedPlace({ error, retrying, onRetry }: FailedPlaceProps) {
  const { title, detail, code, instance } = describeFailure(error);
  return (
    <section role="alert" aria-label="Failed" className="max-w-lg py-10">
      <h2 className="flex items-center gap-2 text-base font-semibold">
        <OctagonX size={18} aria-hidden className="shrink-0 text-bad" />
        {title}
      </h2>
      <p className="mt-1 [overflow-wrap:anywhere] text-text-2">{detail}</p>
      {code !== null && (
        <p className="mt-2 font-mono text-xs text-text-3">
          {code}
          {instance !== null && ` · request ${instance}`}
        </p>
      )}
      <Button kind="strong" onClick={onRetry} disabled={retrying} className="mt-4">
        {retrying ? 'Retrying…' : 'Retry'}
      </Button>
    </section>
  );
}

export function EmptyPlace({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="max-w-lg py-10">
      <h2 className="text-base font-semibold">{title}</h2>
      <div className="mt-1 text-text-2">{children}</div>
    </section>
  );
}

/** What one may not see, what it would be, and whom to ask. */
export function NeedsRole({ refusal, needs }: { refusal: string; needs: Permission }) {
  return (
    <section aria-label={refusal} className="max-w-lg py-10">
      <h2 className="flex items-center gap-2 text-base font-semibold">
        <Lock size={16} aria-hidden className="shrink-0 text-text-3" />
        {refusal}
      </h2>
      <p className="mt-1 text-text-2">
        {PERMISSIONS[needs]}: that isn’t for your role. An admin can change it here, under People.
      </p>
    </section>
  );
}
