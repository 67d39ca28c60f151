'use client';

import { X } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { GuardedButton } from '@/components/ui/guarded-button';
import { useCommands } from '@/hooks/use-commands';
import { useBurst, useOutage } from '@/hooks/use-sample';
import { useSession } from '@/hooks/use-session';
import { useSoftClear } from '@/hooks/use-soft-clear';
import { BurstLine, burstWord } from './burst-line';
import { ClearLine, clearWord } from './clear-line';
import { OutageLine, outageNews } from './outage-line';

const REQUESTS = 1_000;
const SECONDS = 20;
const TAG = 'chat:42';

interface TryItProps {
  readonly onUseMine: () => void;
  readonly onClose: () => void;
}

/** "Try it": four buttons that tell what Pitwall does, each with a line of what was measured. */
export function TryIt({ onUseMine, onClose }: TryItProps) {
  const burst = useBurst();
  const outage = useOutage();
  const clear = useSoftClear();
  const { refusal } = useSession();
  const broken = outage.outage?.phase === 'failing';
  useCommands([
    {
      id: 'sample burst',
      group: 'Act',
      title: 'Sample: send 1,000 identical requests',
      words: 'try coalesce',
      run: () => void burst.send(REQUESTS),
      refused: refusal('sample'),
    },
    {
      id: 'sample outage',
      group: 'Act',
      title: 'Sample: break the origin for 20 s',
      words: 'try breaker stale',
      run: () => outage.start(SECONDS),
      refused: refusal('sample'),
    },
    {
      id: 'sample clear',
      group: 'Act',
      title: `Sample: mark ${TAG} stale`,
      words: 'try clear',
      run: () => clear.clear({ tag: TAG }),
      refused: refusal('clear'),
    },
  ]);
  return (
    <section aria-label="Try it" className="border-b border-line">
      <div className="relative mx-auto max-w-page px-4 py-2 pr-12 lg:px-6 lg:pr-14">
        <div className="flex flex-wrap items-center gap-2">
          <h2 className="mr-1 text-xs font-medium text-text-2 max-sm:w-full">Try it</h2>
          <GuardedButton needs="sample" onClick={() => void burst.send(REQUESTS)} disabled={burst.pending}>
            {burst.pending ? 'Sending…' : 'Send 1,000 identical requests'}
          </GuardedButton>
          <GuardedButton needs="sample" onClick={() => outage.start(SECONDS)} disabled={outage.pending || broken}>
            Break the origin for 20 s
          </GuardedButton>
          <GuardedButton needs="clear" onClick={() => clear.clear({ tag: TAG })} disabled={clear.pending}>
            Mark {TAG} stale
          </GuardedButton>
          <GuardedButton needs="policies" onClick={onUseMine}>
            Use my service
          </GuardedButton>
        </div>
        <BurstLine burst={burst} />
        <OutageLine control={outage} />
        <ClearLine clear={clear} tag={TAG} />
        <Said text={burst.answer === null ? '' : burstWord(burst.answer)} />
        <Said text={outage.outage === null ? '' : outageNews(outage.outage)} />
        <Said text={clear.job === null ? '' : clearWord(clear, TAG)} />
        <Button
          kind="quiet"
          square
          onClick={onClose}
          aria-label="Close “Try it”"
          title="Close; “Try it” in the banner brings it back"
          className="absolute! top-2 right-3 lg:right-5"
        >
          <X size={16} aria-hidden />
        </Button>
      </div>
    </section>
  );
}

/** Changes of state, for screen readers; the counts that move every second would drown them. */
function Said({ text }: { text: string }) {
  return (
    <p aria-live="polite" className="sr-only">
      {text}
    </p>
  );
}
