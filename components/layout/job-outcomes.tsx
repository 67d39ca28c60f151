import type { JobOutcome } from '@/lib/contracts/job';
import { formatCounted } from '@/components/ui/format';
import { StateWord } from '@/components/ui/state';
import { sortOutcomes } from '@/hooks/job-board';
import { OUTCOME_STATE } from './job-words';

/** What became of a job on each worker: a line for all, and open where one didn't confirm. */
export function JobOutcomes({ outcomes }: { outcomes: readonly JobOutcome[] }) {
  if (outcomes.length === 0) return null;
  const sorted = sortOutcomes(outcomes);
  const confirmed = outcomes.filter(({ state }) => state === 'confirmed').length;
  return (
    <details open={confirmed < outcomes.length} className="text-xs">
      <summary className="text-text-2">
        Confirmed by {confirmed} of {formatCounted(outcomes.length, 'worker')}
      </summary>
      <ul tabIndex={0} aria-label="Outcome on each worker" className="max-h-40 overflow-y-auto pl-4">
        {sorted.map(({ instance, worker, state, detail }) => (
          <li key={`${instance} ${worker}`} className="flex flex-wrap items-center gap-x-2">
            <span className="min-w-0 [overflow-wrap:anywhere]">
              <span className="font-mono">{instance}</span> <span className="text-text-3">worker {worker}</span>
            </span>
            <StateWord state={OUTCOME_STATE[state]} word={state} size={12} />
            {detail !== null && <span className="min-w-0 text-text-2 [overflow-wrap:anywhere]">{detail}</span>}
          </li>
        ))}
      </ul>
    </details>
  );
}
