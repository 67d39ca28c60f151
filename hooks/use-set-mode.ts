'use client';

import { useCallback } from 'react';
import { modeAnswerSchema, type ServiceState, type SetMode } from '../lib/contracts/overview';
import { useApi } from './use-api';
import { useMutationOnce, type Mutation } from './use-request-deduplication';
import { useToasts } from './use-toasts';
import { useUndo } from './use-undo';

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
  const undo = useUndo();

  const set = useCallback(
    async (change: SetMode) => {
      const post = (body: SetMode) =>
        api.send('POST', `/api/services/${encodeURIComponent(service)}/mode`, body, modeAnswerSchema);
      const { unreached } = await post(change);
      const back = (to: ServiceState) =>
        undo(() => post(backTo(to, Date.now())).finally(onChanged), {
          title: `${service} is in mode ${to.mode} again`,
        });
      toasts.show({
        tone: unreached.length === 0 ? 'good' : 'watch',
        title: `${service} is in mode ${change.mode}`,
        ...(unreached.length > 0 && {
          detail: `No answer from ${unreached.join(', ')}: they switch when they are back.`,
        }),
        ...(before !== undefined && { action: back(before) }),
      });
      onChanged();
    },
    [api, toasts, undo, service, before, onChanged],
  );
  return useMutationOnce(`mode ${service}`, set);
}
