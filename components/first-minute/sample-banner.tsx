'use client';

import { useCallback } from 'react';
import type { Overview } from '@/lib/contracts/overview';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { GuardedButton } from '@/components/ui/guarded-button';
import { classes } from '@/components/ui/classes';
import { Pill } from '@/components/ui/pill';
import { describeFailure } from '@/hooks/api-error';
import { useApi } from '@/hooks/use-api';
import { useCommands } from '@/hooks/use-commands';
import { useMutationOnce } from '@/hooks/use-request-deduplication';
import { useSession } from '@/hooks/use-session';

type Traffic = Exclude<Overview['sampleTraffic'], 'off'>;

const TEXT: Readonly<Record<Traffic, string>> = {
  running: 'This is made-up traffic against the bundled chat origin.',
  stopped: 'The made-up traffic is stopped.',
  idle: 'The made-up traffic paused, since nobody watched for 10 minutes.',
};

interface SampleBannerProps {
  readonly traffic: Traffic;
  /** Whether the strip "Try it" is closed: then its way in, and "Use my service", are here. */
  readonly stripClosed: boolean;
  /** Whether a phone, where it's one line at first, shows all of it. */
  readonly more: boolean;
  readonly onMore: (more: boolean) => void;
  readonly onTryIt: () => void;
  readonly onUseMine: () => void;
  readonly onChanged: () => void;
}

/** Says that what is shown is a sample, and how to get to the real thing. */
export function SampleBanner({ traffic, stripClosed, more, onMore, onTryIt, onUseMine, onChanged }: SampleBannerProps) {
  const api = useApi();
  const { refusal } = useSession();
  const post = useCallback((run: boolean) => api.send('POST', '/api/sample/traffic', { run }), [api]);
  const { send, pending, error } = useMutationOnce('sample-traffic', post);
  const running = traffic === 'running';

  async function toggle() {
    if (await send(!running)) onChanged();
  }

  useCommands([
    {
      id: 'sample traffic',
      group: 'Act',
      title: running ? 'Stop sample traffic' : 'Start sample traffic',
      run: () => void toggle(),
      refused: refusal('sample'),
    },
  ]);

  return (
    <Banner
      look="plain"
      label="Sample"
      actions={
        <div className={classes('flex flex-wrap gap-2', !more && 'max-sm:hidden')}>
          <GuardedButton needs="sample" onClick={toggle} disabled={pending}>
            {running ? 'Stop traffic' : 'Start traffic'}
          </GuardedButton>
          {stripClosed && (
            <>
              <Button onClick={onTryIt}>Try it</Button>
              <GuardedButton needs="policies" onClick={onUseMine}>
                Use my service
              </GuardedButton>
            </>
          )}
        </div>
      }
    >
      <Pill tone="outline">SAMPLE</Pill>
      <span className={classes('min-w-0 text-text-2 max-sm:flex-1', !more && 'max-sm:truncate')}>{TEXT[traffic]}</span>
      <Button kind="quiet" aria-expanded={more} onClick={() => onMore(!more)} className="-mr-2 sm:hidden">
        {more ? 'Less' : 'More'}
      </Button>
      {error !== null && (
        <span role="alert" className="text-bad">
          That failed: {describeFailure(error).detail}
        </span>
      )}
    </Banner>
  );
}
