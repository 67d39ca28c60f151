'use client';

import { useState, type ReactElement, type ReactNode } from 'react';
import { Tooltip } from 'radix-ui';

/** Says more about its child on hover, focus and tap. The child must be a button that takes a ref. */
export function Tip({ text, children }: { text: ReactNode; children: ReactElement }) {
  const [open, setOpen] = useState(false);
  return (
    <Tooltip.Root open={open} onOpenChange={setOpen}>
      <Tooltip.Trigger
        asChild
        onClick={(event) => {
          event.preventDefault(); // a press would close it: a tap opens it
          setOpen(true);
        }}
      >
        {children}
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content
          side="bottom"
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className="appear z-50 max-w-72 rounded-md border border-line-strong bg-raised px-3 py-2 text-xs text-text-2 shadow-lg"
        >
          {text}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
