'use client';

import { useCallback, useRef, type ReactNode } from 'react';
import { Dialog } from 'radix-ui';
import { classes } from './classes';

interface ModalProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** Neither Escape nor a press beside it closes it. */
  readonly held?: boolean;
  /** After it went and the focus is back where it was. */
  readonly onClosed?: () => void;
  /** Place, size and inner layout. */
  readonly className: string;
  /** Whether a `Dialog.Description` is among the children. A `Dialog.Title` has to be. */
  readonly described: boolean;
  readonly children: ReactNode;
}

/** Hides the page from screen readers, but not what speaks over it: notifications. Returns the function that ends it. */
function hidePage(dialog: Element): () => void {
  const page = [...document.body.children].filter(
    (each) => !each.contains(dialog) && !each.matches('[aria-hidden], [aria-live], [role="region"], script'),
  );
  for (const each of page) each.setAttribute('aria-hidden', 'true');
  return () => page.forEach((each) => each.removeAttribute('aria-hidden'));
}

/**
 * What lies over the page: takes the focus (to what has `data-first`, else to the first that can have it), holds it,
 * closes with Escape or a press beside it, gives the focus back.
 *
 * Radix's own `modal` sets `pointer-events` and a custom property on the body. Both are inherited: each costs a new
 * style for every element of the page. The scrim takes the pointer as well, and `globals.css` holds the scrolling.
 */
export function Modal({ open, onClose, held = false, onClosed, className, described, children }: ModalProps) {
  const opener = useRef<Element | null>(null);
  const content = useRef<HTMLDivElement | null>(null);
  const shown = useCallback((node: HTMLDivElement | null) => {
    content.current = node;
    return node === null ? undefined : hidePage(node);
  }, []);
  return (
    <Dialog.Root modal={false} open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <div aria-hidden className="appear fixed inset-0 z-40 touch-none bg-scrim" />
        <Dialog.Content
          ref={shown}
          aria-modal
          data-modal
          onOpenAutoFocus={(event) => {
            opener.current = document.activeElement;
            const first = content.current?.querySelector('[data-first]');
            if (!(first instanceof HTMLElement)) return;
            event.preventDefault();
            first.focus();
          }}
          onEscapeKeyDown={(event) => held && event.preventDefault()}
          onPointerDownOutside={(event) => held && event.preventDefault()}
          onFocusOutside={(event) => {
            event.preventDefault();
            content.current?.focus();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (opener.current instanceof HTMLElement) opener.current.focus();
            onClosed?.();
          }}
          {...(described ? {} : { 'aria-describedby': undefined })}
          className={classes(
            'appear fixed left-1/2 z-50 -translate-x-1/2 rounded-lg border border-line-strong bg-raised shadow-2xl',
            className,
          )}
        >
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
