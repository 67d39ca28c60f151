'use client';

import { useState, type ReactNode } from 'react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { setNonce } from 'get-nonce';
import { Tooltip } from 'radix-ui';
import { createCommands } from '@/hooks/commands';
import { createInFlight } from '@/hooks/in-flight';
import { LiveChannelContext, createLiveChannel } from '@/hooks/live-channel';
import { createToasts } from '@/hooks/toasts';
import { CommandsContext } from '@/hooks/use-commands';
import { InFlightContext } from '@/hooks/use-request-deduplication';
import { ToastsContext } from '@/hooks/use-toasts';

// An open dialog writes a style of its own, which our policy lets through with the nonce of the page.
if (typeof document !== 'undefined') setNonce(document.querySelector<HTMLElement>('script[nonce]')?.nonce ?? '');

/** What every page shares: the query cache, the calls in flight, the socket, commands, toasts, the tooltips' timing. */
export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(
    () => new QueryClient({ defaultOptions: { queries: { retry: 1, retryDelay: 500, refetchOnWindowFocus: false } } }),
  );
  const [inFlight] = useState(createInFlight);
  const [channel] = useState(createLiveChannel);
  const [commands] = useState(createCommands);
  const [toasts] = useState(createToasts);
  return (
    <QueryClientProvider client={client}>
      <InFlightContext value={inFlight}>
        <LiveChannelContext value={channel}>
          <CommandsContext value={commands}>
            <ToastsContext value={toasts}>
              <Tooltip.Provider delayDuration={250}>{children}</Tooltip.Provider>
            </ToastsContext>
          </CommandsContext>
        </LiveChannelContext>
      </InFlightContext>
    </QueryClientProvider>
  );
}
