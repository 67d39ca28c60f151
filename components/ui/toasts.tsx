'use client';

import { X } from 'lucide-react';
import { Toast as Primitive } from 'radix-ui';
import type { Toast } from '@/hooks/toasts';
import { Button } from './button';
import { StateIcon } from './state';

/** ms that a toast stays; one with something to press longer. Hovering, focus and leaving the window stop the clock. */
const STAYS = 6_000;
const STAYS_TO_PRESS = 15_000;

const staysFor = ({ tone, action }: Toast): number =>
  tone === 'bad' ? Infinity : action === undefined ? STAYS : STAYS_TO_PRESS;

interface ToastsProps {
  readonly toasts: readonly Toast[];
  readonly onDismiss: (id: number) => void;
}

/** What was done, in a corner; F8 goes there, Escape dismisses. */
export function Toasts({ toasts, onDismiss }: ToastsProps) {
  return (
    <Primitive.Provider swipeDirection="right" label="Notification">
      {toasts.map((toast) => (
        <Primitive.Root
          key={toast.id}
          duration={staysFor(toast)}
          type={toast.tone === 'bad' ? 'foreground' : 'background'}
          onOpenChange={(open) => !open && onDismiss(toast.id)}
          className="appear flex items-start gap-2 rounded-lg border border-line-strong bg-raised py-2 pr-1 pl-3 shadow-2xl data-[swipe=move]:translate-x-(--radix-toast-swipe-move-x)"
        >
          <StateIcon state={toast.tone} className="mt-[9px] shrink-0" />
          <div className="min-w-0 flex-1 py-1.5">
            <Primitive.Title className="font-medium">{toast.title}</Primitive.Title>
            {toast.detail !== undefined && (
              <Primitive.Description className="text-text-2 [overflow-wrap:anywhere]">
                {toast.detail}
              </Primitive.Description>
            )}
          </div>
          {toast.action !== undefined && (
            <Primitive.Action altText={toast.action.label} asChild>
              <Button onClick={toast.action.run}>{toast.action.label}</Button>
            </Primitive.Action>
          )}
          <Primitive.Close asChild>
            <Button kind="quiet" square aria-label={`Dismiss: ${toast.title}`}>
              <X size={14} aria-hidden />
            </Button>
          </Primitive.Close>
        </Primitive.Root>
      ))}
      <Primitive.Viewport
        label="Notifications ({hotkey})"
        className="fixed right-4 bottom-4 z-50 flex w-[calc(100vw-32px)] max-w-[400px] flex-col gap-2"
      />
    </Primitive.Provider>
  );
}
