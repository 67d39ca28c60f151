'use client';

import { useId, useRef } from 'react';
import { CalendarClock } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Input, Label } from '@/components/ui/field';

interface MomentFieldProps {
  readonly label: string;
  readonly value: string;
  readonly wrong: string | undefined;
  readonly onChange: (text: string) => void;
}

/** A moment as words or digits, or from the browser's own calendar. */
export function MomentField({ label, value, wrong, onChange }: MomentFieldProps) {
  const id = useId();
  const calendar = useRef<HTMLInputElement>(null);
  return (
    <div className="min-w-0">
      <Label htmlFor={id}>{label}</Label>
      <div className="relative flex gap-1">
        <Input
          id={id}
          mono
          value={value}
          onChange={(event) => onChange(event.target.value)}
          aria-invalid={wrong !== undefined}
          aria-describedby={wrong === undefined ? undefined : `${id}-wrong`}
          className="w-full"
        />
        <Button square onClick={() => calendar.current?.showPicker()} aria-label={`${label}: pick a date and time`}>
          <CalendarClock size={14} aria-hidden />
        </Button>
        <input
          ref={calendar}
          type="datetime-local"
          step={1}
          tabIndex={-1}
          aria-hidden
          onChange={(event) => onChange(event.target.value.replace('T', ' '))}
          className="pointer-events-none absolute right-0 bottom-0 size-px opacity-0"
        />
      </div>
      {wrong !== undefined && (
        <p id={`${id}-wrong`} role="alert" className="mt-1 text-bad">
          {wrong}
        </p>
      )}
    </div>
  );
}
