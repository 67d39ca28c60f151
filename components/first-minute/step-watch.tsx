import type { Trial } from '@/lib/contracts/onboarding';
import { Button } from '@/components/ui/button';
import { CopyLine } from '@/components/ui/copy-line';
import { formatCount, formatCounted } from '@/components/ui/format';
import { StateWord } from '@/components/ui/state';

interface StepWatchProps {
  readonly trial: Trial;
  readonly gatewayUrl: string;
  readonly onNext: () => void;
}

/** Waits for the first requests. */
export function StepWatch({ trial, gatewayUrl, onNext }: StepWatchProps) {
  const { requests, failed, url } = trial;
  return (
    <div className="mt-4 space-y-4">
      <p>
        The gateway fronts <span className="font-medium">{url}</span> now. Point a client at{' '}
        <span className="font-medium">{gatewayUrl}</span>, or try it here:
      </p>
      <CopyLine text={`curl -i ${gatewayUrl.replace(/\/?$/, '/')}`} />
      <p aria-live="polite">
        {requests === 0 ? (
          <StateWord state="unknown" word="Waiting for the first request…" />
        ) : (
          <StateWord state="good" word={`${formatCounted(requests, 'request')} seen`} />
        )}
      </p>
      {failed > 0 && (
        <p>
          <StateWord state="bad" word={`${formatCount(failed)} failed`} />{' '}
          <span className="text-text-2">
            Your service answered 5xx or wasn’t there. The page behind this says when, route by route.
          </span>
        </p>
      )}
      <div className="flex justify-end">
        <Button kind="strong" onClick={onNext} disabled={requests === 0}>
          What it would save
        </Button>
      </div>
    </div>
  );
}
