'use client';

import { useEffect, useRef } from 'react';
import {
  Eraser,
  FileCog,
  Layers,
  PlugZap,
  Server,
  ToggleRight,
  TrafficCone,
  Undo2,
  type LucideIcon,
} from 'lucide-react';
import type { Change, ChangeKind, ChangeTone } from '@/lib/contracts/changes';
import type { Job } from '@/lib/contracts/job';
import { classes } from '@/components/ui/classes';
import { formatWhen } from '@/components/ui/format';
import { GuardedButton } from '@/components/ui/guarded-button';
import { describeFailure } from '@/hooks/api-error';
import { actionsOf } from '@/hooks/job-board';
import { useJobAction } from '@/hooks/use-job-action';
import { useJobs } from '@/hooks/use-jobs';
import { useMutationOnce } from '@/hooks/use-request-deduplication';

const ICON: Readonly<Record<ChangeKind, LucideIcon>> = {
  clear: Eraser,
  undo: Undo2,
  config: FileCog,
  mode: ToggleRight,
  breaker: PlugZap,
  level: Layers,
  instance: Server,
  sample: TrafficCone,
};
const COLOUR: Readonly<Record<ChangeTone, string>> = {
  neutral: 'text-text-3',
  good: 'text-good',
  watch: 'text-watch',
  bad: 'text-bad',
};

/** What can be done about a clear: undo it, while that is possible. */
function UndoClear({ jobId, title }: { jobId: string; title: string }) {
  const act = useJobAction();
  const { state } = useJobs(false, jobId);
  const board = state.status === 'ready' ? state.board : null;
  const job = board?.jobs.find(({ id }) => id === jobId);
  const { send, pending, error } = useMutationOnce(`job ${jobId}`, (each: Job) => act(each, 'undo'));
  if (board === null || job === undefined) return null;
  return (
    <>
      {actionsOf(job, board.jobs).includes('undo') && (
        <GuardedButton
          needs="clear"
          onClick={() => void send(job)}
          disabled={pending}
          aria-label={`Undo: ${title}`}
          className="mt-1"
        >
          <Undo2 size={14} aria-hidden />
          Undo
        </GuardedButton>
      )}
      {error !== null && (
        <p role="alert" className="text-bad">
          Undo failed. {describeFailure(error).detail}
        </p>
      )}
    </>
  );
}

interface ChangeRowProps {
  readonly change: Change;
  /** A moment of the day whose changes need no date, ms since the epoch. */
  readonly day: number;
  /** Whether the service is named, since several are shown. */
  readonly named: boolean;
  readonly open: boolean;
  readonly onToggle: () => void;
}

/** A change in a line; open, all that is known of it, and what can be done. */
export function ChangeRow({ change, day, named, open, onToggle }: ChangeRowProps) {
  const { at, kind, service, tone, title, detail, instance, jobId } = change;
  const Icon = ICON[kind];
  const row = useRef<HTMLLIElement>(null);
  // It may have been chosen on a chart.
  useEffect(() => {
    if (open) row.current?.scrollIntoView({ block: 'nearest' });
  }, [open]);
  return (
    <li ref={row} className={classes('border-b border-line last:border-b-0', open && 'bg-hover')}>
      <button
        type="button"
        aria-expanded={open}
        onClick={onToggle}
        className="flex min-h-8 w-full items-baseline gap-2 px-1 py-1.5 text-left hover:bg-hover focus-visible:outline-offset-[-2px]"
      >
        <span className="shrink-0 font-mono text-xs text-text-3">{formatWhen(at, day)}</span>
        <Icon size={14} aria-hidden className={classes('shrink-0 translate-y-0.5', COLOUR[tone])} />
        <span className={classes('min-w-0', open ? '[overflow-wrap:anywhere]' : 'truncate')}>
          <span className={classes('font-medium', tone !== 'neutral' && COLOUR[tone])}>{title}</span>
          {named && service !== null && <span className="text-text-3"> {service}</span>}
        </span>
      </button>
      {open && (
        <div className="pr-1 pb-2 pl-[82px] text-text-2 [overflow-wrap:anywhere]">
          {detail !== null && <p>{detail}</p>}
          {instance !== null && <p className="text-text-3">{instance}</p>}
          {kind === 'clear' && jobId !== null && <UndoClear jobId={jobId} title={title} />}
        </div>
      )}
    </li>
  );
}
