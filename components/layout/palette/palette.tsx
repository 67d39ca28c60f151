'use client';

import { useRef } from 'react';
import { Dialog } from 'radix-ui';
import { Kbd } from '@/components/ui/kbd';
import type { Item } from './items';
import { PaletteBody, type PaletteBodyProps } from './palette-body';

interface PaletteProps extends Pick<PaletteBodyProps, 'overview' | 'doors'> {
  /** Null while it's closed. */
  readonly kind: PaletteBodyProps['kind'] | null;
  readonly onClose: () => void;
}

/** Finds and runs; code of its own, fetched when the page is idle. */
export function Palette({ kind, overview, doors, onClose }: PaletteProps) {
  const opener = useRef<Element | null>(null);
  const chosen = useRef<Item | null>(null);
  return (
    <Dialog.Root open={kind !== null} onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Content
          data-modal
          aria-describedby={undefined}
          onOpenAutoFocus={() => {
            opener.current = document.activeElement;
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (opener.current instanceof HTMLElement) opener.current.focus();
            // Only now: what it opens gives the focus back to where it was before.
            chosen.current?.run();
            chosen.current = null;
          }}
          className="fixed top-2 left-1/2 z-50 flex max-h-[calc(100dvh-16px)] w-[calc(100vw-16px)] max-w-[640px] -translate-x-1/2 flex-col overflow-hidden rounded-lg border border-line-strong bg-raised shadow-2xl sm:top-[10vh] sm:max-h-[min(560px,80vh)]"
        >
          <Dialog.Title className="sr-only">{kind === 'search' ? 'Search' : 'Command palette'}</Dialog.Title>
          {kind !== null && (
            <PaletteBody
              kind={kind}
              overview={overview}
              doors={doors}
              onClose={onClose}
              onChoose={(item) => {
                chosen.current = item;
                onClose();
              }}
            />
          )}
          <p className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-t border-line px-4 py-2 text-xs text-text-2 max-sm:hidden">
            <span className="flex items-center gap-1">
              <Kbd keys="ArrowUp ArrowDown" /> choose
            </span>
            <span className="flex items-center gap-1">
              <Kbd keys="Enter" /> run
            </span>
            <span className="flex items-center gap-1">
              <Kbd keys=">" /> commands alone
            </span>
            <span className="ml-auto flex items-center gap-1">
              <Kbd keys="Escape" /> close
            </span>
          </p>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
