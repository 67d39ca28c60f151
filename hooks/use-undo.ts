'use client';

import { useCallback } from 'react';
import { describeFailure } from './api-error';
import type { ToastAction } from './toasts';
import { useToasts } from './use-toasts';

/** What a toast offers after something was done: undoes it and says so, or says why not and can be pressed again. */
export function useUndo(): (undo: () => Promise<unknown>, done: { title: string; detail?: string }) => ToastAction {
  const toasts = useToasts();
  return useCallback(
    (undo, done) => {
      const run = () =>
        void undo().then(
          () => toasts.show({ tone: 'good', ...done }),
          (error: unknown) =>
            toasts.show({
              tone: 'bad',
              title: 'Not undone',
              detail: describeFailure(error).detail,
              action: { label: 'Try again', run },
            }),
        );
      return { label: 'Undo', run };
    },
    [toasts],
  );
}
