'use client';

import { useCallback, useState, type KeyboardEvent } from 'react';
import { classes } from '@/components/ui/classes';
import type { FilterList } from '@/hooks/tail-params';
import type { TailLine } from '@/hooks/tail-ring';
import { REQUEST_COLUMNS, SHOWN_FROM, TRACKS } from './request-columns';
import { ROW, RequestRow, rowId } from './request-row';
import { useRowWindow } from './use-window';

interface RequestTableProps {
  readonly lines: readonly TailLine[];
  /** Whether it moves: then the newest line is always seen. */
  readonly moving: boolean;
  readonly opened: TailLine | null;
  /** A person has begun to look at what is there. */
  readonly onHold: (why: 'scroll' | 'keys') => void;
  readonly onResume: () => void;
  readonly onOpen: (line: TailLine) => void;
  readonly onFilter: (list: FilterList, value: string) => void;
}

const PAGE = 10;

/** Where a key leads from a row, of `count`; undefined for other keys. Without a row, it starts at the newest. */
export function moved(key: string, from: number | null, count: number): number | undefined {
  const last = count - 1;
  const start = from ?? last + 1;
  const to = {
    ArrowUp: start - 1,
    ArrowDown: start + 1,
    PageUp: start - PAGE,
    PageDown: start + PAGE,
    Home: 0,
    End: last,
  }[key];
  return to === undefined ? undefined : Math.min(Math.max(to, 0), last);
}

/** The lines, of which only those that are seen are drawn. One stop for Tab: arrows move, Enter opens, Escape goes on. */
export function RequestTable({ lines, moving, opened, onHold, onResume, onOpen, onFilter }: RequestTableProps) {
  const [chosen, setChosen] = useState<number | null>(null);
  const leave = useCallback(() => onHold('scroll'), [onHold]);
  const { ref, first, end, onScroll, reveal } = useRowWindow(lines.length, moving, leave);
  const found = moving || chosen === null ? -1 : lines.findIndex(({ number }) => number === chosen);
  const active = found < 0 ? undefined : lines[found];

  const open = useCallback(
    (line: TailLine) => {
      setChosen(line.number);
      onOpen(line);
    },
    [onOpen],
  );

  function pressed(event: KeyboardEvent) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Enter' && active !== undefined) open(active);
    else if (event.key === 'Escape' && !moving) onResume();
    else {
      const to = moved(event.key, found < 0 ? null : found, lines.length);
      const line = to === undefined ? undefined : lines[to];
      if (to === undefined || line === undefined) return;
      onHold('keys');
      setChosen(line.number);
      reveal(to);
    }
    event.preventDefault();
  }

  return (
    <div
      ref={ref}
      role="grid"
      aria-label="Live requests"
      aria-rowcount={lines.length + 1}
      aria-colcount={REQUEST_COLUMNS.length}
      aria-activedescendant={active !== undefined && found >= first && found < end ? rowId(active) : undefined}
      tabIndex={0}
      onScroll={onScroll}
      onKeyDown={pressed}
      className="@container relative h-[min(520px,60dvh)] overflow-x-hidden overflow-y-scroll overscroll-y-contain border-y border-line-strong"
    >
      <div
        role="row"
        aria-rowindex={1}
        style={{ height: ROW }}
        className={classes(
          'sticky top-0 z-10 items-center border-b border-line-strong bg-bg px-2 text-xs font-medium text-text-2',
          TRACKS,
        )}
      >
        {REQUEST_COLUMNS.map(({ key, label, numeric, from }) => (
          <span
            key={key}
            role="columnheader"
            className={classes('truncate', numeric === true && 'text-right', SHOWN_FROM[from])}
          >
            {label}
          </span>
        ))}
      </div>
      <div role="rowgroup" className="relative text-text-2" style={{ height: lines.length * ROW }}>
        {lines.slice(first, end).map((line, i) => (
          // A key of the place, not of the line: a row that moves up is written over, not made anew.
          <RequestRow
            key={i}
            line={line}
            place={first + i}
            active={line === active}
            open={line.number === opened?.number}
            onOpen={open}
            onFilter={onFilter}
          />
        ))}
      </div>
    </div>
  );
}
