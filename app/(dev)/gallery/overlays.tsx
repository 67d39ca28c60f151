'use client';

import { useState } from 'react';
import { Dialog as Primitive } from 'radix-ui';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Modal } from '@/components/ui/modal';
import { Toasts } from '@/components/ui/toasts';
import { createToasts } from '@/hooks/toasts';
import { ToastsContext, useToastList } from '@/hooks/use-toasts';
import type { Specimen } from './specimen';

function Dialogs() {
  const [open, setOpen] = useState(false);
  const [bare, setBare] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Open the dialog</Button>
      <Dialog open={open} onOpenChange={setOpen} title="Switch mode" description="Takes effect within a second.">
        <p className="mt-4">It holds the focus, closes with Escape, and gives the focus back.</p>
      </Dialog>
      <Button onClick={() => setBare(true)}>Open a bare modal</Button>
      <Modal open={bare} onClose={() => setBare(false)} described={false} className="top-12 w-80 p-4">
        <Primitive.Title>What the dialog and the palette are made of</Primitive.Title>
      </Modal>
    </>
  );
}

const TOASTS = [
  { tone: 'good', title: 'Marked stale', detail: 'tag chat:42', action: { label: 'Undo', run: () => undefined } },
  { tone: 'watch', title: 'chat is in mode observe', detail: 'No answer from edge-2: it switches when it is back.' },
  { tone: 'bad', title: 'Not undone', detail: 'The clear log can’t be written at the moment.' },
] as const;

function Notifications() {
  const [toasts] = useState(createToasts);
  return (
    <ToastsContext value={toasts}>
      <Button onClick={() => TOASTS.forEach((toast) => toasts.show(toast))}>Show notifications</Button>
      <Shown onDismiss={toasts.dismiss} />
    </ToastsContext>
  );
}

function Shown({ onDismiss }: { onDismiss: (id: number) => void }) {
  const toasts = useToastList();
  // Both themes show this part, and a page has one region of notifications.
  return toasts.length > 0 && <Toasts toasts={toasts} onDismiss={onDismiss} />;
}

export const OVERLAYS: readonly Specimen[] = [
  { name: 'Dialog', note: 'In the page’s theme', Show: Dialogs },
  { name: 'Toasts', note: 'Good and watch leave by themselves; bad stays. F8 goes there', Show: Notifications },
];
