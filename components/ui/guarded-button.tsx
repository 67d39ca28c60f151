'use client';

import { useId, type ComponentProps } from 'react';
import type { Permission } from '@/lib/contracts/access';
import { useSession } from '@/hooks/use-session';
import { Button } from './button';

interface GuardedButtonProps extends ComponentProps<typeof Button> {
  /** What one has to be allowed. */
  readonly needs: Permission;
}

/**
 * A button for what not everybody may. Where it's not allowed it's there, does nothing, and says why: to the pointer, to
 * the keyboard, which still reaches it, and to screen readers.
 */
export function GuardedButton({ needs, children, ...rest }: GuardedButtonProps) {
  const id = useId();
  const refusal = useSession().refusal(needs);
  if (refusal === null) return <Button {...rest}>{children}</Button>;
  return (
    <Button {...rest} type="button" onClick={undefined} aria-disabled aria-describedby={id} title={refusal}>
      {children}
      <span id={id} hidden>
        {refusal}
      </span>
    </Button>
  );
}
