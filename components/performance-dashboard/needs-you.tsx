'use client';

import type { Overview } from '@/lib/contracts/overview';
import { Button } from '@/components/ui/button';
import { StateWord } from '@/components/ui/state';
import { useJobs } from '@/hooks/use-jobs';
import type { View } from '@/hooks/view';
import { needsOf, type Step } from './needs';

interface NeedsYouProps {
  readonly overview: Overview;
  readonly onChange: (view: Partial<View>) => void;
  /** Opens a change in "What changed". */
  readonly onChoose: (id: string) => void;
}

function NextStep({ step, onChange, onChoose }: { step: Step } & Omit<NeedsYouProps, 'overview'>) {
  const go = () => {
    if ('change' in step) return onChoose(step.change);
    if ('view' in step) onChange(step.view);
    const place = document.getElementById(step.href.slice(1));
    place?.scrollIntoView({ block: 'start' });
    place?.focus({ preventScroll: true });
  };
  return (
    <Button kind="quiet" onClick={go} className="-ml-2 text-accent!">
      {step.label}
    </Button>
  );
}

/** "Needs you": what a person should look at, each with the next step. */
export function NeedsYou({ overview, onChange, onChoose }: NeedsYouProps) {
  const { state } = useJobs(false, null);
  const needs = needsOf(overview, state.status === 'ready' ? state.board.jobs : []);
  if (needs.length === 0) {
    return (
      <section aria-label="Needs you">
        <StateWord state="good" word="Nothing needs you" className="font-normal text-text-2" />
      </section>
    );
  }
  return (
    <section aria-label="Needs you" className="min-w-0">
      <h2 className="mb-1 text-sm font-medium">
        Needs you <span className="font-normal text-text-3">{needs.length}</span>
      </h2>
      <ul className="divide-y divide-line border-l-2 border-line-strong pl-3">
        {needs.map(({ key, state: look, word, text, step }) => (
          <li key={key} className="py-1">
            <div className="flex flex-wrap gap-x-2">
              <StateWord state={look} word={word} />
              <span className="min-w-0 text-text-2 [overflow-wrap:anywhere]">{text}</span>
            </div>
            {step !== null && <NextStep step={step} onChange={onChange} onChoose={onChoose} />}
          </li>
        ))}
      </ul>
    </section>
  );
}
