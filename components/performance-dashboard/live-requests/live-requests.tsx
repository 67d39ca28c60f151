'use client';

import { useCallback, useMemo, useRef, useState, type PointerEvent } from 'react';
import { Pause, Play } from 'lucide-react';
import { ANY_REQUEST, type TailFilter } from '@/lib/contracts/tail';
import { Button } from '@/components/ui/button';
import { classes } from '@/components/ui/classes';
import { formatCount, formatCounted } from '@/components/ui/format';
import { isAny, toggled, type FilterList } from '@/hooks/tail-params';
import type { TailLine, TailLines } from '@/hooks/tail-ring';
import { useConsole } from '@/hooks/use-console';
import { useTail } from '@/hooks/use-tail';
import type { View } from '@/hooks/view';
import { RequestDetail } from './request-detail';
import { RequestFilter } from './request-filter';
import { RequestTable } from './request-table';

/** Why the lines stand still: the pointer rests on them, a person scrolled, moved by keys, opened one or pressed Pause. */
type Hold = 'hover' | 'scroll' | 'keys' | 'pause';

/** What the page looks at narrows what is asked for, unless the filter names services or routes itself. */
export function askedFor({ service, route, tail }: Pick<View, 'service' | 'route' | 'tail'>): TailFilter {
  if (service === 'all') return tail;
  return {
    ...tail,
    services: tail.services.length > 0 ? tail.services : [service],
    routes: tail.routes.length > 0 || route === null ? tail.routes : [route],
  };
}

function Waiting({ filter, onClear }: { filter: TailFilter; onClear: () => void }) {
  return (
    <p className="absolute inset-x-0 top-10 px-2 text-text-2" role="status">
      {isAny(filter) ? (
        'Waiting for requests…'
      ) : (
        <>
          No request has passed this filter yet.{' '}
          <Button kind="quiet" onClick={onClear}>
            Clear filter
          </Button>
        </>
      )}
    </p>
  );
}

/** "Live requests": every request as it's answered, filtered at the source, held while somebody looks at a line. */
export function LiveRequests() {
  const { view, change } = useConsole();
  const { tail, paused } = view;
  const { now, problem, retry } = useTail(useMemo(() => askedFor(view), [view]));
  const [hold, setHold] = useState<Hold | null>(null);
  const [opened, setOpened] = useState<TailLine | null>(null);
  const [held, setHeld] = useState<TailLines>(now);
  const table = useRef<HTMLDivElement>(null);

  // A pointer that happens to be there holds no empty table: there's no line yet that somebody could look at.
  const holds = hold !== null && (hold !== 'hover' || held.lines.length > 0);
  const moving = !holds && !paused;
  if (moving && held !== now) setHeld(now);
  const shown = moving ? now : held;
  const fresh = now.arrived - shown.arrived;

  // A stronger reason stays when a weaker one comes or goes.
  const holdFor = useCallback(
    (why: Hold) => setHold((before) => (why === 'hover' && before !== null ? before : why)),
    [],
  );
  const resume = useCallback(() => {
    setHold(null);
    if (paused) change({ paused: false });
  }, [paused, change]);
  const open = useCallback(
    (line: TailLine) => {
      holdFor('keys');
      setOpened(line);
    },
    [holdFor],
  );
  const setTail = useCallback(
    (next: TailFilter) => {
      setHold(null);
      change({ tail: next });
    },
    [change],
  );
  const filterBy = useCallback(
    (list: FilterList, value: string) => {
      const values: readonly string[] = tail[list];
      if (!values.includes(value)) setTail(toggled(tail, list, value));
    },
    [tail, setTail],
  );
  const hover = (over: boolean) => (event: PointerEvent) => {
    if (event.pointerType !== 'mouse') return;
    if (over) holdFor('hover');
    else setHold((before) => (before === 'hover' ? null : before));
  };
  const close = () => {
    setOpened(null);
    table.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();
  };

  return (
    <section aria-label="Live requests" className="pt-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 pb-3">
        <RequestFilter filter={tail} onChange={setTail} onClear={() => setTail(ANY_REQUEST)} />
        <div className="ml-auto flex items-center gap-3 max-sm:ml-0">
          {shown.dropped > 0 && (
            <span className="text-watch" title="They came faster than they could be shown, or read">
              {formatCounted(shown.dropped, 'line')} left out
            </span>
          )}
          <Button onClick={moving ? () => holdFor('pause') : resume} className="min-w-32">
            {moving ? <Pause size={14} aria-hidden /> : <Play size={14} aria-hidden />}
            {moving ? 'Pause lines' : `Resume${fresh > 0 ? ` · ${formatCount(fresh)} new` : ''}`}
          </Button>
        </div>
      </div>
      {problem !== null && (
        <p role="alert" className="flex flex-wrap items-center gap-2 pb-3 text-bad">
          {problem}
          <Button onClick={retry}>Try again</Button>
        </p>
      )}
      <div className={classes(opened !== null && 'xl:grid xl:grid-cols-[minmax(0,1fr)_340px] xl:gap-x-4')}>
        <div ref={table} className="relative min-w-0" onPointerEnter={hover(true)} onPointerLeave={hover(false)}>
          <RequestTable
            lines={shown.lines}
            moving={moving}
            opened={opened}
            onHold={holdFor}
            onResume={resume}
            onOpen={open}
            onFilter={filterBy}
          />
          {shown.lines.length === 0 && <Waiting filter={tail} onClear={() => setTail(ANY_REQUEST)} />}
        </div>
        {opened !== null && <RequestDetail line={opened} onFilter={filterBy} onClose={close} />}
      </div>
      <p className="pt-2 text-xs text-text-3">
        A press on a value shows only such requests, one on a line opens it. By keyboard: arrows move, Enter opens,
        Escape goes on.
      </p>
    </section>
  );
}
