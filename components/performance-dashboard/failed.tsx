import { OctagonX } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { describeFailure } from '@/hooks/api-error';

interface FailedProps {
  readonly error: unknown;
  readonly retrying: boolean;
  readonly onRetry: () => void;
  /** Offered when the page is about one service. */
  readonly onShowAll: (() => void) | null;
}

/** The data couldn't be had: what the server said, and the way to ask again. */
export function Failed({ error, retrying, onRetry, onShowAll }: FailedProps) {
  const { title, detail, code, instance } = describeFailure(error);
  return (
    <section role="alert" aria-label="Failed" className="mx-auto max-w-lg py-20">
      <h1 className="flex items-center gap-2 text-base font-semibold">
        <OctagonX size={18} aria-hidden className="shrink-0 text-bad" />
        {title}
      </h1>
      <p className="mt-1 text-text-2">{detail}</p>
      {(code !== null || instance !== null) && (
        <p className="mt-2 font-mono text-xs text-text-3">
          {code}
          {instance !== null && ` · request ${instance}`}
        </p>
      )}
      <div className="mt-4 flex gap-2">
        <Button kind="strong" onClick={onRetry} disabled={retrying}>
          {retrying ? 'Retrying…' : 'Retry'}
        </Button>
        {onShowAll !== null && <Button onClick={onShowAll}>Show all services</Button>}
      </div>
    </section>
  );
}
