'use client';

import { useState } from 'react';
import dynamic from 'next/dynamic';
import { CalendarRange, ChevronLeft, ChevronRight } from 'lucide-react';
import { RANGES, rangeSchema } from '@/lib/contracts/overview';
import { Button } from '@/components/ui/button';
import { classes } from '@/components/ui/classes';
import { formatTime } from '@/components/ui/format';
import { shiftTime } from '@/hooks/time-moves';
import { useCommands } from '@/hooks/use-commands';
import { spanWords, type Time } from '@/hooks/view';

const WindowDialog = dynamic(() => import('./window-dialog').then((module) => module.WindowDialog), { ssr: false });

interface RangePickerProps {
  readonly time: Time;
  readonly onChange: (time: Time) => void;
}

/** "14:02:10 – 14:07:30", by the reader's clock. */
const endWords = ({ from, to }: { from: number; to: number }): string => `${formatTime(from)} – ${formatTime(to)}`;

/** What time is looked at: a range up to now as one row of choices, or a fixed window in words. */
export function RangePicker({ time, onChange }: RangePickerProps) {
  const [choosing, setChoosing] = useState(false);
  const fixed = time.kind === 'window';
  useCommands([
    {
      id: 'window',
      group: 'Time',
      title: 'Custom time window…',
      words: 'range from to absolute date zoom',
      keys: ['w'],
      run: () => setChoosing(true),
    },
  ]);
  return (
    <div role="group" aria-label="Time" className="flex min-w-0 flex-wrap items-center gap-1">
      <Button
        kind="quiet"
        square
        className="max-sm:hidden"
        onClick={() => onChange(shiftTime(time, Date.now(), -1))}
        aria-label="Earlier"
        aria-keyshortcuts="["
        title="Earlier by its own length ([)"
      >
        <ChevronLeft size={16} aria-hidden />
      </Button>
      <fieldset className="flex h-8 items-stretch rounded-md border border-line-strong">
        <legend className="sr-only">Time range</legend>
        {rangeSchema.options.map((option) => (
          <label
            key={option}
            className={classes(
              'flex cursor-pointer items-center px-2.5 text-sm font-medium first-of-type:rounded-l-[5px] last-of-type:rounded-r-[5px] has-focus-visible:outline-2 has-focus-visible:outline-accent max-sm:px-2',
              !fixed && option === time.range ? 'bg-hover text-text' : 'text-text-2 hover:text-text',
            )}
          >
            <input
              type="radio"
              name="range"
              value={option}
              checked={!fixed && option === time.range}
              onChange={() => onChange({ kind: 'live', range: option })}
              className="sr-only"
              aria-label={`Last ${RANGES[option] / 60} min`}
            />
            {option}
          </label>
        ))}
      </fieldset>
      <Button
        kind={fixed ? 'chosen' : 'plain'}
        onClick={() => setChoosing(true)}
        aria-haspopup="dialog"
        title={fixed ? `${new Date(time.from).toLocaleString()} – ${new Date(time.to).toLocaleString()}` : undefined}
        className="max-sm:px-2"
      >
        <CalendarRange size={14} aria-hidden className={classes(!fixed && 'sm:hidden')} />
        {fixed ? (
          <span>
            <span className="font-mono text-xs">{endWords(time)}</span>
            <span className="ml-1.5 font-normal text-text-3">{spanWords(time.to - time.from)}</span>
          </span>
        ) : (
          <span className="max-sm:sr-only">Custom…</span>
        )}
      </Button>
      <Button
        kind="quiet"
        square
        className="max-sm:hidden"
        disabled={!fixed}
        onClick={() => onChange(shiftTime(time, Date.now(), 1))}
        aria-label="Later"
        aria-keyshortcuts="]"
        title="Later by its own length (])"
      >
        <ChevronRight size={16} aria-hidden />
      </Button>
      {choosing && <WindowDialog time={time} onChange={onChange} onClose={() => setChoosing(false)} />}
    </div>
  );
}
