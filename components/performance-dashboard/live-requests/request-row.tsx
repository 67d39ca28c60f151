import { memo, type MouseEvent } from 'react';
import { classes } from '@/components/ui/classes';
import type { FilterList } from '@/hooks/tail-params';
import type { TailLine } from '@/hooks/tail-ring';
import { REQUEST_COLUMNS, SHOWN_FROM, TRACKS, type RequestColumn } from './request-columns';

/** Height of a row, px. */
export const ROW = 28;

export const rowId = (line: TailLine): string => `request-${line.number}`;

interface RequestRowProps {
  readonly line: TailLine;
  /** Its place among all that are shown, from 0. */
  readonly place: number;
  readonly active: boolean;
  readonly open: boolean;
  readonly onOpen: (line: TailLine) => void;
  readonly onFilter: (list: FilterList, value: string) => void;
}

function toneOf(line: TailLine, { key }: RequestColumn): string | undefined {
  if (key === 'status' && line.status >= 500) return 'font-medium text-bad';
  if (key === 'status' && line.status >= 400) return 'font-medium text-watch';
  if (key === 'result' && line.result === 'error') return 'font-medium text-bad';
  if (key === 'result' && line.result === 'stale') return 'text-watch';
  return key === 'path' || key === 'ms' || key === 'status' || key === 'result' ? 'text-text' : undefined;
}

function RequestRowOf({ line, place, active, open, onOpen, onFilter }: RequestRowProps) {
  const filterBy = ({ filter }: RequestColumn) => {
    const value = filter?.value(line) ?? null;
    if (filter === undefined || value === null) return undefined;
    return (event: MouseEvent) => {
      event.stopPropagation();
      onFilter(filter.list, value);
    };
  };
  return (
    <div
      role="row"
      id={rowId(line)}
      aria-rowindex={place + 2}
      aria-selected={active}
      onClick={() => onOpen(line)}
      style={{ top: place * ROW, height: ROW }}
      className={classes(
        'absolute inset-x-0 cursor-pointer items-center border-b border-line px-2 hover:bg-hover',
        TRACKS,
        active && 'bg-hover outline-2 -outline-offset-2 outline-accent',
        open && 'bg-hover',
      )}
    >
      {REQUEST_COLUMNS.map((column) => {
        const text = column.text(line);
        const add = filterBy(column);
        return (
          <span
            key={column.key}
            role="gridcell"
            onClick={add}
            title={add === undefined ? text : `Only ${text}`}
            className={classes(
              'truncate',
              SHOWN_FROM[column.from],
              column.numeric === true && 'text-right',
              column.mono === true && 'font-mono text-xs',
              add !== undefined && 'decoration-text-3 underline-offset-4 hover:underline',
              toneOf(line, column),
            )}
          >
            {column.key === 'time' ? (
              <>
                {text.slice(0, 8)}
                <span className="@max-2xl:hidden">{text.slice(8)}</span>
              </>
            ) : (
              text
            )}
          </span>
        );
      })}
    </div>
  );
}

/** One request. A press on a cell that can be filtered by does so, one elsewhere opens it. */
export const RequestRow = memo(RequestRowOf);
