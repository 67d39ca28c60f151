'use client';

import { useState } from 'react';
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
