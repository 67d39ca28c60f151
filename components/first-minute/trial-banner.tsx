'use client';

import type { Trial } from '@/lib/contracts/onboarding';
import type { Mode } from '@/lib/contracts/traffic';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';

interface TrialBannerProps {
  readonly trial: Trial;
  readonly mode: Mode;
  readonly onContinue: () => void;
}

/** While somebody's own service is tried: that it's not for good, and how it could be. */
export function TrialBanner({ trial, mode, onContinue }: TrialBannerProps) {
  return (
    <Banner look="plain" label="Trial" actions={<Button onClick={onContinue}>Use my service</Button>}>
      <span className="rounded-sm border border-line-strong px-1.5 text-[11px] leading-[18px] font-semibold tracking-wide">
        TRIAL
      </span>
      <span className="min-w-0 break-words text-text-2">
        The gateway fronts {trial.url}, mode {mode}, until this process ends.
      </span>
    </Banner>
  );
}
