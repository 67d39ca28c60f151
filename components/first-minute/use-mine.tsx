'use client';

import { useCallback } from 'react';
import { Dialog } from '@/components/ui/dialog';
import { useConsole } from '@/hooks/use-console';
import { useOnboarding, useOnboardingActions } from '@/hooks/use-onboarding';
import { SETUP_STEPS, type SetupStep } from '@/hooks/use-setup-step';
import { StepKeep } from './step-keep';
import { StepPolicy } from './step-policy';
import { StepUrl } from './step-url';
import { StepWatch } from './step-watch';
import { StoryProblem } from './story-line';

const STEP: Readonly<Record<SetupStep, string>> = {
  url: 'Your service',
  watch: 'First requests',
  policy: 'What it would save',
  keep: 'Keep it',
};

interface UseMineProps {
  readonly step: SetupStep;
  /** Whether the gateway fronts the sample. */
  readonly sampled: boolean;
  readonly go: (step: SetupStep | null) => void;
}

/** "Use my service": from its URL to a configuration that stays, in four steps. */
export function UseMine({ step, sampled, go }: UseMineProps) {
  const { refresh, change } = useConsole();
  const { onboarding, error } = useOnboarding(true, sampled);
  // Another service is behind the gateway: one that the page was narrowed to is gone.
  const changed = useCallback(() => {
    change({ service: 'all' });
    refresh();
  }, [change, refresh]);
  const actions = useOnboardingActions(changed);
  const trial = onboarding?.trial ?? null;
  // Without a service that is tried, there is only the first step.
  const shown = trial === null ? 'url' : step;

  return (
    <Dialog open wide onOpenChange={(open) => !open && go(null)} title="Use my service">
      <nav aria-label="Steps" className="mt-3 border-b border-line pb-3">
        <ol className="flex flex-wrap gap-x-4 gap-y-1">
          {SETUP_STEPS.map((each, i) => (
            <li key={each}>
              <button
                type="button"
                aria-current={each === shown ? 'step' : undefined}
                disabled={trial === null && each !== 'url'}
                onClick={() => go(each)}
                className="inline-flex h-8 items-center gap-1.5 rounded-md text-text-3 enabled:hover:text-text aria-[current]:font-semibold aria-[current]:text-text disabled:cursor-default"
              >
                <span className="tabular-nums">{i + 1}</span> {STEP[each]}
              </button>
            </li>
          ))}
        </ol>
      </nav>
      <StoryProblem error={actions.error ?? (onboarding === undefined ? error : null)} />
      {onboarding === undefined ? (
        error === null && <p className="mt-4 text-text-2">Loading…</p>
      ) : shown === 'url' || trial === null ? (
        <StepUrl onboarding={onboarding} actions={actions} onStarted={() => go('watch')} />
      ) : shown === 'watch' ? (
        <StepWatch trial={trial} gatewayUrl={onboarding.gatewayUrl} onNext={() => go('policy')} />
      ) : shown === 'policy' ? (
        <StepPolicy trial={trial} onNext={() => go('keep')} />
      ) : (
        <StepKeep trial={trial} actions={actions} onEnded={() => go(null)} onDone={() => go(null)} />
      )}
    </Dialog>
  );
}
