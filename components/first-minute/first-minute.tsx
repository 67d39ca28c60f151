'use client';

import { useState } from 'react';
import dynamic from 'next/dynamic';
import type { Trial } from '@/lib/contracts/onboarding';
import type { Overview } from '@/lib/contracts/overview';
import type { Mode } from '@/lib/contracts/traffic';
import { useCommands } from '@/hooks/use-commands';
import { useConsole } from '@/hooks/use-console';
import { useKeptFlag } from '@/hooks/use-kept-flag';
import { useSession } from '@/hooks/use-session';
import { useOnboarding } from '@/hooks/use-onboarding';
import { useSetupStep } from '@/hooks/use-setup-step';
import { SampleBanner } from './sample-banner';
import { TrialBanner } from './trial-banner';
import { TryIt } from './try-it';

const UseMine = dynamic(() => import('./use-mine').then((module) => module.UseMine), { ssr: false });

/** As the page knows it, which hears of a switch at once. */
function modeOf({ services }: Overview, trial: Trial): Mode {
  return services.find(({ service }) => service === trial.service)?.mode ?? trial.mode;
}

/** Under the banners while the gateway fronts the sample, or somebody's service in its place: what to do with it. */
export function FirstMinute() {
  const { state, refresh } = useConsole();
  const [closed, setClosed] = useKeptFlag('pitwall:try-it-closed');
  const [more, setMore] = useState(false);
  const [step, go] = useSetupStep();
  const { refusal } = useSession();
  const refused = refusal('policies');
  const overview = state.status === 'ready' || state.status === 'empty' ? state.overview : null;
  const traffic = overview?.sampleTraffic ?? 'off';
  const { onboarding } = useOnboarding(false, traffic !== 'off');
  const trial = onboarding?.trial ?? null;
  const useMine = () => go(trial === null ? 'url' : trial.requests === 0 ? 'watch' : 'policy');
  const openStrip = () => {
    setClosed(false);
    setMore(true);
  };
  const tryIt = { id: 'try it', group: 'Act', title: 'Try it', words: 'sample', run: openStrip } as const;
  useCommands([
    ...(traffic === 'off' && trial === null
      ? []
      : [
          {
            id: 'use my service',
            group: 'Act',
            title: 'Use my service',
            words: 'sample upstream onboarding',
            run: useMine,
            refused,
          } as const,
        ]),
    ...(traffic !== 'off' && closed ? [tryIt] : []),
  ]);
  if (overview === null) return null;
  return (
    <>
      {traffic !== 'off' && (
        <SampleBanner
          traffic={traffic}
          stripClosed={closed}
          more={more}
          onMore={setMore}
          onTryIt={openStrip}
          onUseMine={useMine}
          onChanged={refresh}
        />
      )}
      {traffic !== 'off' && !closed && (
        <div className={more ? undefined : 'max-sm:hidden'}>
          <TryIt onUseMine={useMine} onClose={() => setClosed(true)} />
        </div>
      )}
      {traffic === 'off' && trial !== null && (
        <TrialBanner trial={trial} mode={modeOf(overview, trial)} onContinue={useMine} />
      )}
      {step !== null && refused === null && <UseMine step={step} sampled={traffic !== 'off'} go={go} />}
    </>
  );
}
