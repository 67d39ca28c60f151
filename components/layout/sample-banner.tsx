'use client';

import { useCallback, useState } from 'react';
import type { Overview } from '@/lib/contracts/overview';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { CopyLine } from '@/components/ui/copy-line';
import { Dialog } from '@/components/ui/dialog';
import { describeFailure } from '@/hooks/api-error';
import { useApi } from '@/hooks/use-api';
import { useMutationOnce } from '@/hooks/use-request-deduplication';

type Traffic = Overview['sampleTraffic'];

const TEXT: Readonly<Record<Exclude<Traffic, 'off'>, string>> = {
  running: 'This is made-up traffic against the bundled chat origin.',
  stopped: 'The made-up traffic is stopped.',
  idle: 'The made-up traffic paused, since nobody watched for 10 minutes.',
};

interface SampleBannerProps {
  readonly traffic: Exclude<Traffic, 'off'>;
  readonly gatewayUrl: string;
  readonly onChanged: () => void;
}

/** Says that what is shown is a sample, and how to get to the real thing. */
export function SampleBanner({ traffic, gatewayUrl, onChanged }: SampleBannerProps) {
  const api = useApi();
  const [asking, setAsking] = useState(false);
  const post = useCallback((run: boolean) => api.post('/api/sample/traffic', { run }), [api]);
  const { send, pending, error } = useMutationOnce('sample-traffic', post);
  const running = traffic === 'running';

  async function toggle() {
    if (await send(!running)) onChanged();
  }

  return (
    <>
      <Banner
        look="plain"
        label="Sample"
        actions={
          <>
            <Button onClick={toggle} disabled={pending}>
              {running ? 'Stop traffic' : 'Start traffic'}
            </Button>
            <Button onClick={() => setAsking(true)}>Use my service</Button>
          </>
        }
      >
        <span className="rounded-sm border border-line-strong px-1.5 text-[11px] leading-[18px] font-semibold tracking-wide">
          SAMPLE
        </span>
        <span className="text-text-2">{TEXT[traffic]}</span>
        {error !== null && (
          <span role="alert" className="text-bad">
            That failed: {describeFailure(error).detail}
          </span>
        )}
      </Banner>
      <Dialog
        open={asking}
        onOpenChange={setAsking}
        title="Use my service"
        description="Stop Pitwall (Ctrl-C), then start it in front of your own service. Nothing else needs configuring."
      >
        <div className="mt-4 space-y-4">
          <CopyLine text="PITWALL_UPSTREAM=http://127.0.0.1:9000 npm start" />
          <p className="text-text-2">
            Put your service’s URL in place of the example, and point a client at {gatewayUrl}. To look before you leap,
            switch the mode to observe: everything is forwarded, and this page shows what would have been saved.
          </p>
        </div>
      </Dialog>
    </>
  );
}
