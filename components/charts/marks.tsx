'use client';

import { memo, useState, type KeyboardEvent } from 'react';
import { classes } from '@/components/ui/classes';
import { formatTime } from '@/components/ui/format';
import { MARGIN } from './axis';
import { placeOf, type TimeAxis } from './plot-area';

/** Something that happened at a moment. */
export interface Mark {
  readonly at: number;
  readonly id: string;
  readonly label: string;
  readonly tone: 'neutral' | 'good' | 'watch' | 'bad';
}

/** What a chart takes for its marks. */
export interface MarkedProps {
  readonly marks?: readonly Mark[];
  /** The mark that stands out. */
  readonly chosen?: string | null;
  /** Makes the marks buttons: for one of several charts that show the same. */
  readonly onMark?: (id: string) => void;
}

/** Tones differ in shape as well as in colour. */
const TONE = {
  neutral: { line: 'bg-text-3', head: 'rounded-full border-text-2 bg-bg' },
  good: { line: 'bg-good', head: 'rounded-full border-good bg-good' },
  watch: { line: 'bg-watch', head: 'rotate-45 border-watch bg-watch' },
  bad: { line: 'bg-bad', head: 'border-bad bg-bad' },
} as const;

interface MarksProps extends TimeAxis {
  readonly marks: readonly Mark[];
  /** px below the plot. */
  readonly bottom: number;
  /** The mark that stands out. */
  readonly chosen?: string | null | undefined;
  /** Makes the marks buttons; without it they are only drawn. */
  readonly onChoose?: ((id: string) => void) | undefined;
}

/** Moves the focus among the marks of a chart: they are one stop of the Tab key. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step === undefined || !(event.target instanceof HTMLElement)) return;
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  buttons[buttons.indexOf(event.target as HTMLButtonElement) + step]?.focus();
  event.preventDefault();
  event.stopPropagation();
}

function MarksOf({ marks, start, end, bottom, chosen = null, onChoose }: MarksProps) {
  const [under, setUnder] = useState<string | null>(null);
  const shown = marks.filter(({ at }) => at > start && at <= end).sort((a, b) => a.at - b.at);
  if (shown.length === 0) return null;
  const told = onChoose === undefined ? undefined : shown.find(({ id }) => id === under);
  const entry = shown.some(({ id }) => id === chosen) ? chosen : shown.at(-1)?.id;
  const axis = { start, end };
  return (
    <div
      {...(onChoose === undefined
        ? { 'aria-hidden': true }
        : { role: 'group', 'aria-label': 'Changes', onKeyDown: moveFocus })}
      className="pointer-events-none absolute inset-x-0"
      style={{ top: MARGIN.top, bottom }}
    >
      {shown.map(({ at, id, label, tone }) => {
        const strong = id === chosen || id === under;
        const look = (
          <>
            <span
              className={classes(
                'absolute inset-y-0 left-1/2 -translate-x-1/2',
                TONE[tone].line,
                strong ? 'w-0.5' : 'w-px opacity-70',
              )}
            />
            <span
              className={classes(
                'absolute -top-1 left-1/2 size-2 -translate-x-1/2 border',
                TONE[tone].head,
                strong && 'scale-150',
              )}
            />
          </>
        );
        const place = { left: placeOf(at, axis) };
        if (onChoose === undefined) {
          return (
            <span key={id} className="absolute inset-y-0 w-0" style={place}>
              {look}
            </span>
          );
        }
        return (
          <button
            key={id}
            type="button"
            aria-label={`${formatTime(at)} ${label}`}
            aria-pressed={id === chosen}
            tabIndex={id === entry ? 0 : -1}
            className="pointer-events-auto absolute inset-y-0 w-2.5 -translate-x-1/2 cursor-pointer"
            style={place}
            onClick={() => onChoose(id)}
            onPointerEnter={() => setUnder(id)}
            onPointerLeave={() => setUnder(null)}
            onFocus={() => setUnder(id)}
            onBlur={() => setUnder(null)}
          >
            {look}
          </button>
        );
      })}
      {told !== undefined && (
        <p
          aria-hidden
          className={classes(
            'absolute top-2 z-10 max-w-60 truncate rounded-md border border-line-strong bg-raised px-2 py-1 text-xs shadow-sm',
            told.at - start > (end - start) / 2 ? '-translate-x-[calc(100%+8px)]' : 'translate-x-2',
          )}
          style={{ left: placeOf(told.at, axis) }}
        >
          <span className="font-mono text-text-2">{formatTime(told.at)}</span> {told.label}
        </p>
      )}
    </div>
  );
}

/** Moments that matter, as thin lines over a chart, each with a head that tells its tone. */
export const Marks = memo(MarksOf);
