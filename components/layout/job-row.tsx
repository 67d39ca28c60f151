'use client';

import { useState } from 'react';
import { Pause, Play, Undo2, X, type LucideIcon } from 'lucide-react';
import type { Job } from '@/lib/contracts/job';
import { formatWhen } from '@/components/ui/format';
import { GuardedButton } from '@/components/ui/guarded-button';
import { StateWord } from '@/components/ui/state';
import { describeFailure } from '@/hooks/api-error';
import { actionsOf, isUnderWay, type JobAction, type JobBoard } from '@/hooks/job-board';
import { useJobAction } from '@/hooks/use-job-action';
import { useMutationOnce } from '@/hooks/use-request-deduplication';
import { useToasts } from '@/hooks/use-toasts';
import { JobOutcomes } from './job-outcomes';
import { JobProgress } from './job-progress';
import { JOB_STATE } from './job-words';

const ACTION: Readonly<Record<JobAction, { readonly word: string; readonly icon: LucideIcon }>> = {
  pause: { word: 'Pause', icon: Pause },
  resume: { word: 'Resume', icon: Play },
  cancel: { word: 'Cancel', icon: X },
  undo: { word: 'Undo', icon: Undo2 },
};

/** What can't be seen in the list as clearly as in words. */
const DONE: Readonly<Partial<Record<JobAction, string>>> = { cancel: 'Job cancelled', undo: 'Undone' };

interface JobRowProps {
  readonly job: Job;
  readonly board: JobBoard;
  /** After it did what was asked, and the board says so. */
  readonly onActed: () => void;
}

/** One job: what, how far, what became of it on each instance, and what can be done. */
export function JobRow({ job, board, onActed }: JobRowProps) {
  const ask = useJobAction();
  // A conflict stays until the next press; what was asked meanwhile shows by itself.
  const [asked, setAsked] = useState<JobAction | null>(null);
  const { send, pending, error } = useMutationOnce(`job ${job.id}`, (action: JobAction) => ask(job, action));
  const toasts = useToasts();
  const { state, word } = JOB_STATE[job.state];
  const act = async (action: JobAction) => {
    setAsked(action);
    if (!(await send(action))) return;
    const done = DONE[action];
    if (done !== undefined) toasts.show({ tone: 'good', title: done, detail: job.title });
    onActed();
  };
  return (
    <li className="py-2">
      <div className="flex items-start justify-between gap-3">
        <span className="min-w-0 [overflow-wrap:anywhere]">{job.title}</span>
        {state === null ? (
          <span className="shrink-0 text-text-2">{word}</span>
        ) : (
          <StateWord state={state} word={word} size={12} className="shrink-0" />
        )}
      </div>
      {isUnderWay(job) && <JobProgress job={job} board={board} />}
      {job.error !== null && <p className="break-words text-text-2">{job.error}</p>}
      <JobOutcomes outcomes={job.outcomes} />
      <div className="mt-0.5 flex flex-wrap items-center justify-between gap-x-3">
        <span className="text-xs text-text-3">
          {job.endedAt === null
            ? `since ${formatWhen(job.startedAt ?? job.createdAt, board.at)}`
            : formatWhen(job.endedAt, board.at)}
        </span>
        <span className="-mr-2 flex gap-1">
          {actionsOf(job, board.jobs).map((action, i) => {
            const { word: name, icon: Icon } = ACTION[action];
            return (
              <GuardedButton
                key={i}
                needs={action === 'undo' ? 'clear' : 'jobs'}
                kind="quiet"
                disabled={pending}
                onClick={() => void act(action)}
                aria-label={`${name}: ${job.title}`}
              >
                <Icon size={14} aria-hidden />
                {name}
              </GuardedButton>
            );
          })}
        </span>
      </div>
      {error !== null && (
        <p role="alert" className="text-bad">
          {asked !== null && `${ACTION[asked].word} failed. `}
          {describeFailure(error).detail}
        </p>
      )}
    </li>
  );
}
