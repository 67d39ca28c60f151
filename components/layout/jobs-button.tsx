'use client';

import { useRef, useState } from 'react';
import dynamic from 'next/dynamic';
import { CircleQuestionMark, ListChecks, OctagonX, Pause, TriangleAlert } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { formatCounted, formatPercent } from '@/components/ui/format';
import { useCommands } from '@/hooks/use-commands';
import { summaryOf, type JobsSummary } from '@/hooks/job-board';
import { useJobs, type JobsState } from '@/hooks/use-jobs';

const JobsPopover = dynamic(() => import('./jobs-popover').then((module) => module.JobsPopover), { ssr: false });

const jobs = (count: number): string => formatCounted(count, 'job');

/** What the button says; trouble before what goes well. */
export function jobsWords({ underWay, paused, failed, unconfirmed, share }: JobsSummary): string {
  if (failed > 0) return `${jobs(failed)} failed`;
  if (unconfirmed > 0) return `${jobs(unconfirmed)} unconfirmed`;
  if (underWay === 0) return 'Jobs';
  if (paused === underWay) return `${jobs(underWay)} paused`;
  return share === null ? jobs(underWay) : `${jobs(underWay)} ${formatPercent(Math.floor(share * 100) / 100)} %`;
}

function Icon({ summary }: { summary: JobsSummary }) {
  if (summary.failed > 0) return <OctagonX size={14} aria-hidden className="text-bad" />;
  if (summary.unconfirmed > 0) return <TriangleAlert size={14} aria-hidden className="text-watch" />;
  if (summary.underWay > 0 && summary.paused === summary.underWay) return <Pause size={14} aria-hidden />;
  return <ListChecks size={14} aria-hidden />;
}

/** There is something to open: a job, or the reason why nobody knows. */
const isShown = (state: JobsState): boolean =>
  state.status === 'failed' || (state.status === 'ready' && state.board.jobs.length > 0);

/** Jobs at a glance, and the way to their list. Nothing where there never was one. `news`: see useJobs. */
export function JobsButton({ news }: { news: number | null }) {
  const [open, setOpen] = useState(false);
  const [seenAt, setSeenAt] = useState(0);
  const button = useRef<HTMLButtonElement>(null);
  const { state, refresh } = useJobs(open, news);
  const change = (next: boolean) => {
    setOpen(next);
    // What ended while the list was open was seen, too.
    if (state.status === 'ready') setSeenAt(state.board.at);
  };
  useCommands([
    {
      id: 'jobs',
      group: 'Act',
      title: 'Jobs',
      words: 'progress undo cancel pause',
      keys: ['j'],
      run: () => change(true),
    },
  ]);
  if (!open && !isShown(state)) return null;

  const summary = state.status === 'ready' ? summaryOf(state.board, seenAt) : null;
  const words = summary === null ? 'Jobs' : jobsWords(summary);
  return (
    <>
      <Button
        ref={button}
        kind="quiet"
        onClick={() => change(!open)}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={words === 'Jobs' ? 'Jobs' : `Jobs: ${words}`}
      >
        {summary === null ? <CircleQuestionMark size={14} aria-hidden /> : <Icon summary={summary} />}
        <span className="max-md:hidden">{words}</span>
        {summary !== null && summary.share !== null && (
          <span aria-hidden className="absolute inset-x-2 bottom-0.5 h-0.5 overflow-hidden rounded-full bg-line-strong">
            <span className="block h-full bg-accent" style={{ width: `${summary.share * 100}%` }} />
          </span>
        )}
      </Button>
      {open && <JobsPopover state={state} onRefresh={refresh} anchor={button} onClose={() => change(false)} />}
    </>
  );
}
