'use client';

import { useCallback } from 'react';
import { modeAnswerSchema, type ServiceState, type SetMode } from '../lib/contracts/overview';
import { describeFailure } from './api-error';
import { useApi } from './use-api';
import { useMutationOnce, type Mutation } from './use-request-deduplication';
import { useToasts } from './use-toasts';

/** Least time for which a mode can be set, ms. */
const LEAST_MS = 1_000;

/** What brings back the mode that a service had; for as long as it would have held. */
function backTo({ mode, modeReason, modeUntil }: ServiceState, now: number): SetMode {
  const left = modeUntil === null ? {} : { forMs: Math.max(LEAST_MS, Math.round(modeUntil - now)) };
  return { mode, reason: modeReason ?? 'Undone', ...left };
}

/** Switches the mode of a service, says so, and offers to undo it. @param before its state until now */
export function useSetMode(
  service: string,
  before: ServiceState | undefined,
  onChanged: () => void,
): Mutation<SetMode> {
  const api = useApi();
  const toasts = useToasts();

  const set = useCallback(
    async (change: SetMode) => {
      const post = (body: SetMode) =>
        api.ask(`/api/services/${encodeURIComponent(service)}/mode`, body, modeAnswerSchema);
      const { unreached } = await post(change);
      async function undo(): Promise<void> {
        if (before === undefined) return;
        try {
          await post(backTo(before, Date.now()));
          toasts.show({ tone: 'good', title: `${service} is in mode ${before.mode} again` });
        } catch (error) {
          const again = { label: 'Try again', run: () => void undo() };
          toasts.show({ tone: 'bad', title: 'Not undone', detail: describeFailure(error).detail, action: again });
        }
        onChanged();
      }
      const undoing = before !== undefined && { action: { label: 'Undo', run: () => void undo() } };
      toasts.show({
        tone: unreached.length === 0 ? 'good' : 'watch',
        title: `${service} is in mode ${change.mode}`,
        ...(unreached.length > 0 && {
          detail: `No answer from ${unreached.join(', ')}: they switch when they are back.`,
        }),
        ...undoing,
      });
      onChanged();
    },
    [api, toasts, service, before, onChanged],
  );
  return useMutationOnce(`mode ${service}`, set);
}
