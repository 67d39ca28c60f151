'use client';

import { useId, useState, type FormEvent } from 'react';
import type { Onboarding } from '@/lib/contracts/onboarding';
import { Button } from '@/components/ui/button';
import { CopyLine } from '@/components/ui/copy-line';
import { Input, Label } from '@/components/ui/field';
import type { OnboardingActions } from '@/hooks/use-onboarding';
import { ProbeResult } from './probe-result';

interface StepUrlProps {
  readonly onboarding: Onboarding;
  readonly actions: OnboardingActions;
  readonly onStarted: () => void;
}

const REPLAY = 'npm run replay -- access.log.gz --simulate';

/** Which service, and whether it can be reached. */
export function StepUrl({ onboarding, actions, onStarted }: StepUrlProps) {
  const { offered, why, trial } = onboarding;
  return (
    <div className="mt-4 space-y-4">
      {trial !== null ? (
        <p>
          <span className="font-medium">{trial.url}</span>{' '}
          <span className="text-text-2">
            is behind the gateway. To try another one, go back to the sample first: step 4 has it.
          </span>
        </p>
      ) : offered ? (
        <UrlForm actions={actions} onStarted={onStarted} />
      ) : (
        <>
          <p>{why}</p>
          <p className="text-text-2">Or start Pitwall in front of your service; nothing else needs configuring:</p>
          <CopyLine text="PITWALL_UPSTREAM=http://127.0.0.1:9000 npm start" />
        </>
      )}
      <section aria-label="Replay a log" className="border-t border-line pt-4">
        <h3 className="font-medium">Or replay a log</h3>
        <p className="mb-2 text-text-2">
          What would Pitwall have saved yesterday? This asks your access log, and sends no request anywhere.
        </p>
        <CopyLine text={REPLAY} />
      </section>
    </div>
  );
}

function UrlForm({ actions, onStarted }: Omit<StepUrlProps, 'onboarding'>) {
  const id = useId();
  const [url, setUrl] = useState('');
  const { found, pending, probe, start, forget } = actions;
  const typed = url.trim();
  // Who types a host and port means http.
  const wanted = typed === '' || typed.includes('://') ? typed : `http://${typed}`;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (wanted === '') return;
    if (found?.reached !== true) await probe(wanted);
    else if (await start(wanted)) onStarted();
  }

  return (
    <form onSubmit={submit} noValidate>
      <Label htmlFor={id}>URL of your service</Label>
      <div className="flex flex-wrap gap-2">
        <Input
          id={id}
          type="url"
          value={url}
          onChange={(event) => {
            setUrl(event.target.value);
            forget();
          }}
          maxLength={2_048}
          spellCheck={false}
          placeholder="http://127.0.0.1:9000"
          aria-describedby={`${id}about`}
          mono
          className="flex-1 max-sm:basis-full"
        />
        {found?.reached === true ? (
          <Button type="submit" kind="strong" disabled={pending !== null}>
            {pending === 'start' ? 'Starting…' : 'Start observing'}
          </Button>
        ) : (
          <Button type="submit" kind="strong" disabled={pending !== null || wanted === ''}>
            {pending === 'probe' ? 'Probing…' : 'Probe'}
          </Button>
        )}
      </div>
      <p id={`${id}about`} className="mt-1 text-xs text-text-3">
        One GET of it, within 5 s; no redirect is followed and no body read.
      </p>
      <div aria-live="polite">{found !== null && <ProbeResult probe={found} />}</div>
      {found?.reached === true && (
        <p className="mt-3 text-text-2">
          “Start observing” puts the gateway in front of it at once, in place of the sample: every request is forwarded,
          nothing is answered from the cache, and what would have been saved is counted. Nothing is written to disk as
          configuration; step 4 keeps it or goes back.
        </p>
      )}
    </form>
  );
}
