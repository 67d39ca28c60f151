'use client';

import type { ComponentProps } from 'react';
import { useArmed } from '@/hooks/use-armed';
import { Button } from './button';

interface TwiceButtonProps extends Omit<ComponentProps<typeof Button>, 'onClick'> {
  /** The verb: "Remove". */
  readonly word: string;
  /** What it's done to, for who doesn't see what stands beside it. */
  readonly what: string;
  readonly onConfirm: () => void;
}

/** What can't be undone: the first press asks, and the second, within 5 s, does it. */
export function TwiceButton({ word, what, onConfirm, kind = 'quiet', ...rest }: TwiceButtonProps) {
  const { armed, arm, disarm } = useArmed();
  return (
    <>
      <Button
        {...rest}
        kind={armed ? 'danger' : kind}
        onBlur={disarm}
        onClick={() => {
          if (!armed) return arm();
          disarm();
          onConfirm();
        }}
        aria-label={armed ? `${word} ${what}? Press again` : `${word} ${what}`}
      >
        {armed ? `${word}? Press again` : `${word}…`}
      </Button>
      <span role="status" className="sr-only">
        {armed ? 'Press again to confirm.' : ''}
      </span>
    </>
  );
}
