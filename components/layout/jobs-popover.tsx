'use client';

import { useRef, type RefObject } from 'react';
import { Popover } from 'radix-ui';
import { Button } from '@/components/ui/button';
import { describeFailure } from '@/hooks/api-error';
import { partJobs, type JobBoard } from '@/hooks/job-board';
import type { JobsState } from '@/hooks/use-jobs';
import { JobRow } from './job-row';

interface JobsPopoverProps {
  readonly state: JobsState;
  readonly onRefresh: () => Promise<void>;
  /** The button that opened it, which it hangs on and gives the focus back to. */
  readonly anchor: RefObject<HTMLButtonElement | null>;
  readonly onClose: () => void;
}

/** Ended jobs that are listed; the rest is history. */
const ENDED = 20;

function Lists({ board, onActed }: { board: JobBoard; onActed: () => void }) {
  const { underWay, ended } = partJobs(board.jobs);
  const lists = [
    ['Under way', underWay],
    ['Ended', ended.slice(0, ENDED)],
  ] as const;
  if (board.jobs.length === 0) return <p className="px-4 pb-4 text-text-2">No job has run yet.</p>;
  return lists.map(
    ([title, jobs]) =>
      jobs.length > 0 && (
        <section key={title} aria-label={title} className="border-t border-line px-4 py-2">
          <h3 className="text-xs font-medium text-text-3">{title}</h3>
          <ul className="divide-y divide-line">
            {jobs.map((job) => (
              <JobRow key={job.id} job={job} board={board} onActed={onActed} />
            ))}
          </ul>
        </section>
      ),
  );
}

function Failure({ error, retrying, onRetry }: { error: unknown; retrying: boolean; onRetry: () => void }) {
  const { title, detail } = describeFailure(error);
  return (
    <div role="alert" className="px-4 pb-4">
      <p className="font-medium text-bad">{title}</p>
      <p className="mb-2 break-words text-text-2">{detail}</p>
      <Button onClick={onRetry} disabled={retrying}>
        {retrying ? 'Asking…' : 'Retry'}
      </Button>
    </div>
  );
}

/** The list of jobs; code of its own that is fetched when somebody opens it. */
export function JobsPopover({ state, onRefresh, anchor, onClose }: JobsPopoverProps) {
  const panel = useRef<HTMLDivElement>(null);
  const acted = () => {
    // The button that was pressed may be gone: the focus stays in the list.
    if (!panel.current?.contains(document.activeElement)) panel.current?.focus();
  };
  return (
    <Popover.Root open onOpenChange={(open) => !open && onClose()}>
      <Popover.Anchor virtualRef={anchor as RefObject<HTMLButtonElement>} />
      <Popover.Portal>
        <Popover.Content
          ref={panel}
          aria-label="Jobs"
          side="bottom"
          align="end"
          sideOffset={6}
          collisionPadding={16}
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            panel.current?.focus();
          }}
          // A notification that came meanwhile would have Escape for itself.
          onKeyDown={(event) => event.key === 'Escape' && onClose()}
          onInteractOutside={(event) => {
            // A press on the button closes by itself.
            if (event.target instanceof Node && anchor.current?.contains(event.target)) event.preventDefault();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            anchor.current?.focus();
          }}
          className="appear z-30 max-h-[min(560px,var(--radix-popover-content-available-height))] w-[calc(100vw-32px)] max-w-[440px] overflow-y-auto rounded-lg border border-line-strong bg-raised shadow-2xl"
        >
          <h2 className="px-4 pt-3 pb-2 text-sm font-semibold">Jobs</h2>
          {state.status === 'loading' && (
            <p role="status" className="px-4 pb-4 text-text-2">
              Loading…
            </p>
          )}
          {state.status === 'failed' && (
            <Failure error={state.error} retrying={state.retrying} onRetry={() => void onRefresh()} />
          )}
          {state.status === 'ready' && (
            <>
              {state.error !== null && (
                <Failure error={state.error} retrying={false} onRetry={() => void onRefresh()} />
              )}
              <Lists board={state.board} onActed={acted} />
            </>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
