'use client';

import { useState, type ReactNode } from 'react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Tooltip } from 'radix-ui';
import { createInFlight } from '@/hooks/in-flight';
import { LiveChannelContext, createLiveChannel } from '@/hooks/live-channel';
import { InFlightContext } from '@/hooks/use-request-deduplication';

/** What every page shares: the query cache, the calls in flight, the socket, the tooltips' timing. */
export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(
    () => new QueryClient({ defaultOptions: { queries: { retry: 1, retryDelay: 500, refetchOnWindowFocus: false } } }),
  );
  const [inFlight] = useState(createInFlight);
  const [channel] = useState(createLiveChannel);
  return (
    <QueryClientProvider client={client}>
      <InFlightContext value={inFlight}>
        <LiveChannelContext value={channel}>
          <Tooltip.Provider delayDuration={250}>{children}</Tooltip.Provider>
        </LiveChannelContext>
      </InFlightContext>
    </QueryClientProvider>
  );
}
