'use client';

import { useState } from 'react';
import { useCommands } from '@/hooks/use-commands';
import { useConsole } from '@/hooks/use-console';
import { useKeptFlag } from '@/hooks/use-kept-flag';
import { SampleBanner } from './sample-banner';
import { TryIt } from './try-it';
import { UseMine } from './use-mine';

/** Under the banners while the gateway fronts the sample: that it is one, and four things to try with it. */
export function FirstMinute() {
  const { state, refresh } = useConsole();
  const [closed, setClosed] = useKeptFlag('pitwall:try-it-closed');
  const overview = state.status === 'ready' || state.status === 'empty' ? state.overview : null;
  const traffic = overview?.sampleTraffic ?? 'off';
  const [asking, setAsking] = useState(false);
  const useMine = () => setAsking(true);
  useCommands(
    traffic === 'off'
      ? []
      : [
          {
            id: 'use my service',
            group: 'Act',
            title: 'Use my service',
            words: 'sample upstream onboarding',
            run: useMine,
          },
          ...(closed
            ? [{ id: 'try it', group: 'Act', title: 'Try it', words: 'sample', run: () => setClosed(false) } as const]
            : []),
        ],
  );
  if (overview === null || traffic === 'off') return null;
  return (
    <>
      <SampleBanner
        traffic={traffic}
        stripClosed={closed}
        onTryIt={() => setClosed(false)}
        onUseMine={useMine}
        onChanged={refresh}
      />
      {!closed && <TryIt onUseMine={useMine} onClose={() => setClosed(true)} />}
      <UseMine open={asking} onOpenChange={setAsking} gatewayUrl={overview.gateway.url} />
    </>
  );
}
