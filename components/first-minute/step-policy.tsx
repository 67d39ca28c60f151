import type { Trial } from '@/lib/contracts/onboarding';
import { Button } from '@/components/ui/button';
import { formatCount, formatPercent } from '@/components/ui/format';
import { ShapesTable } from './shapes-table';
import { YamlText } from './yaml-text';

interface StepPolicyProps {
  readonly trial: Trial;
  readonly onNext: () => void;
}

/** What would have been saved, why the rest isn't cached, and what could be done. */
export function StepPolicy({ trial, onNext }: StepPolicyProps) {
  const { observed, wouldHave, requests, shapes, other, unseen, policy } = trial;
  return (
    <div className="mt-4 space-y-4">
      <p>
        <span className="text-xl font-semibold tabular-nums">
          {formatPercent(observed === 0 ? null : wouldHave / observed)} %
        </span>{' '}
        <span className="text-text-2">
          of origin calls would have been saved as it is: {formatCount(wouldHave)} of {formatCount(observed)} requests
          in mode observe.
        </span>
      </p>
      {shapes.length === 0 ? (
        <p className="text-text-2">
          {requests === 0 ? 'Nothing was asked for yet.' : 'The first requests are on their way here.'}
        </p>
      ) : (
        <ShapesTable shapes={shapes} />
      )}
      {other + unseen > 0 && (
        <p className="text-xs text-text-3">
          {formatCount(other + unseen)} more requests aren’t in this table: too many kinds of paths, or too fast to look
          at one by one.
        </p>
      )}
      <section aria-label="Proposed configuration">
        <h3 className="font-medium">Proposed configuration</h3>
        <p className="mb-2 text-text-2">
          Derived from these requests, each line with its reason. The longer you observe, the better it is. It never
          ignores what forbids caching.
        </p>
        <YamlText text={policy} fileName="pitwall.yaml" />
      </section>
      <div className="flex justify-end">
        <Button kind="strong" onClick={onNext}>
          Keep it
        </Button>
      </div>
    </div>
  );
}
