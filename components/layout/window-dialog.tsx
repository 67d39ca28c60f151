'use client';

import { useState, type FormEvent } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { formatTime } from '@/components/ui/format';
import { endsOf, liveTime, parseWindow, shiftTime, zoomOut } from '@/hooks/time-moves';
import { spanWords, type Time } from '@/hooks/view';
import { MomentField } from './moment-field';

interface WindowDialogProps {
  readonly time: Time;
  readonly onChange: (time: Time) => void;
  readonly onClose: () => void;
}

/** A window of the past by its ends, and the ways to move it without a mouse. */
export function WindowDialog({ time, onChange, onClose }: WindowDialogProps) {
  const [opened] = useState(() => endsOf(time, Date.now()));
  const [from, setFrom] = useState(() => formatTime(opened[0]));
  const [to, setTo] = useState(() => (time.kind === 'live' ? 'now' : formatTime(opened[1])));
  const [wrong, setWrong] = useState<{ readonly from?: string; readonly to?: string }>({});

  function choose(next: Time) {
    onChange(next);
    onClose();
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    const parsed = parseWindow(from, to, Date.now());
    if ('time' in parsed) choose(parsed.time);
    else setWrong(parsed.wrong);
  }
  const fixed = time.kind === 'window';
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Time window"
      description="Any stretch of the last hour, at most an hour long. Dragging over a chart marks one out too."
    >
      <form onSubmit={submit} noValidate className="mt-4">
        <div className="grid gap-4 sm:grid-cols-2">
          <MomentField label="From" value={from} wrong={wrong.from} onChange={setFrom} />
          <MomentField label="To" value={to} wrong={wrong.to} onChange={setTo} />
        </div>
        <p className="mt-2 text-text-2">
          <code>now-20m</code>, <code>14:02:10</code> or <code>2026-02-03 14:02</code>, by your clock.
        </p>
        <div className="mt-4 flex flex-wrap justify-end gap-2">
          {fixed && (
            <Button onClick={() => choose(liveTime(time))} className="mr-auto">
              Back to live
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="strong" type="submit">
            Show
          </Button>
        </div>
      </form>
      <div className="mt-4 flex flex-wrap items-center gap-2 border-t border-line pt-4">
        <span className="mr-auto text-text-2">Shown now: {spanWords(opened[1] - opened[0])}</span>
        <Button onClick={() => choose(shiftTime(time, Date.now(), -1))}>Earlier</Button>
        <Button onClick={() => choose(shiftTime(time, Date.now(), 1))} disabled={!fixed}>
          Later
        </Button>
        <Button onClick={() => choose(zoomOut(time, Date.now()))}>Zoom out</Button>
      </div>
    </Dialog>
  );
}
