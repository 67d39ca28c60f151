'use client';

import { useRef } from 'react';
import { Dialog } from 'radix-ui';
import { Kbd } from '@/components/ui/kbd';
import { Modal } from '@/components/ui/modal';
import type { Item } from './items';
import { PaletteBody, type PaletteBodyProps } from './palette-body';

interface PaletteProps extends Pick<PaletteBodyProps, 'overview' | 'doors'> {
  /** Null while it's closed. */
  readonly kind: PaletteBodyProps['kind'] | null;
  readonly onClose: () => void;
}

/** Finds and runs; code of its own, fetched when the page is idle. */
export function Palette({ kind, overview, doors, onClose }: PaletteProps) {
  const chosen = useRef<Item | null>(null);
  return (
    <Modal
      open={kind !== null}
      onClose={onClose}
      // Only then: what it opens gives the focus back to where it was before.
      onClosed={() => {
        chosen.current?.run();
        chosen.current = null;
      }}
      described={false}
      className="top-2 flex max-h-[calc(100dvh-16px)] w-[calc(100vw-16px)] max-w-[640px] flex-col overflow-hidden sm:top-[10vh] sm:max-h-[min(560px,80vh)]"
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
    </Modal>
  );
}
