'use client';

import { useRef, type ReactNode } from 'react';
import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import { classes } from './classes';

interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description?: string;
  /** For what has a table or a text of many columns in it. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** A modal dialog: takes the focus (to what has `data-first`, else to the first that can have it), holds it, closes with Escape, gives the focus back. */
export function Dialog({ open, onOpenChange, title, description, wide = false, children }: DialogProps) {
  const opener = useRef<Element | null>(null);
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="appear fixed inset-0 z-40 bg-scrim" />
        <Primitive.Content
          data-modal
          onOpenAutoFocus={(event) => {
            opener.current = document.activeElement;
            const first = event.currentTarget instanceof Element && event.currentTarget.querySelector('[data-first]');
            if (!(first instanceof HTMLElement)) return;
            event.preventDefault();
            first.focus();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (opener.current instanceof HTMLElement) opener.current.focus();
          }}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          className={classes(
            'appear fixed top-1/2 left-1/2 z-50 max-h-[calc(100dvh-32px)] w-[calc(100vw-32px)] -translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-lg border border-line-strong bg-raised p-6 shadow-2xl max-sm:p-4',
            wide ? 'max-w-[880px]' : 'max-w-[480px]',
          )}
        >
          <Primitive.Title className="pr-8 text-base font-semibold">{title}</Primitive.Title>
          {description !== undefined && (
            <Primitive.Description className="mt-1 text-text-2">{description}</Primitive.Description>
          )}
          {children}
          <Primitive.Close
            aria-label="Close"
            className="absolute top-4 right-4 flex size-8 items-center justify-center rounded-md text-text-3 hover:bg-hover hover:text-text"
          >
            <X size={16} aria-hidden />
          </Primitive.Close>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
