'use client';

import type { Trial } from '@/lib/contracts/onboarding';
import type { Mode } from '@/lib/contracts/traffic';
import { Banner } from '@/components/ui/banner';
import { GuardedButton } from '@/components/ui/guarded-button';
import { Pill } from '@/components/ui/pill';

interface TrialBannerProps {
  readonly trial: Trial;
  readonly mode: Mode;
  readonly onContinue: () => void;
}

/** While somebody's own service is tried: that it's not for good, and how it could be. */
export function TrialBanner({ trial, mode, onContinue }: TrialBannerProps) {
  return (
    <Banner
      look="plain"
      label="Trial"
      actions={
        <GuardedButton needs="policies" onClick={onContinue}>
          Use my service
        </GuardedButton>
      }
    >
      <Pill tone="outline">TRIAL</Pill>
      <span className="min-w-0 break-words text-text-2">
        The gateway fronts {trial.url}, mode {mode}, until this process ends. The levels still hold what the sample
        stored.
      </span>
    </Banner>
  );
}
