'use client';

import type { ReactNode } from 'react';
import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import { classes } from './classes';
import { Modal } from './modal';

interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description?: string;
  /** For what has a table or a text of many columns in it. */
  readonly wide?: boolean;
  /** For what can't be had again: it closes by its own buttons alone. */
  readonly held?: boolean;
  readonly children: ReactNode;
}

/** A modal with a title and a button that closes it. */
export function Dialog({ open, onOpenChange, title, description, wide = false, held = false, children }: DialogProps) {
  return (
    <Modal
      open={open}
      onClose={() => onOpenChange(false)}
      held={held}
      described={description !== undefined}
      className={classes(
        'top-1/2 max-h-[calc(100dvh-32px)] w-[calc(100vw-32px)] -translate-y-1/2 overflow-y-auto p-6 max-sm:p-4',
        wide ? 'max-w-[880px]' : 'max-w-[480px]',
      )}
    >
      <Primitive.Title className="pr-8 text-base font-semibold">{title}</Primitive.Title>
      {description !== undefined && (
        <Primitive.Description className="mt-1 text-text-2">{description}</Primitive.Description>
      )}
      {children}
      {held || (
        <Primitive.Close
          aria-label="Close"
          className="absolute top-4 right-4 flex size-8 items-center justify-center rounded-md text-text-3 hover:bg-hover hover:text-text"
        >
          <X size={16} aria-hidden />
        </Primitive.Close>
      )}
    </Modal>
  );
}
