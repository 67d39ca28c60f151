import type { Trial } from '@/lib/contracts/onboarding';
import { Button } from '@/components/ui/button';
import { CopyLine } from '@/components/ui/copy-line';
import { StateWord } from '@/components/ui/state';
import type { OnboardingActions } from '@/hooks/use-onboarding';
import { YamlText } from './yaml-text';

interface StepKeepProps {
  readonly trial: Trial;
  readonly actions: OnboardingActions;
  readonly onEnded: () => void;
  readonly onDone: () => void;
}

/** From a trial to what stays; or back. */
export function StepKeep({ trial, actions, onEnded, onDone }: StepKeepProps) {
  const { pending, cacheNow, end } = actions;
  const caching = trial.mode === 'cache';

  async function goBack() {
    if (await end()) onEnded();
  }

  return (
    <div className="mt-4 space-y-5">
      <section aria-label="Now">
        <h3 className="font-medium">Now, until this process ends</h3>
        <div className="mt-1 flex flex-wrap items-center gap-3">
          {caching ? (
            <StateWord state="good" word="Answering from the cache" />
          ) : (
            <>
              <span className="text-text-2">Mode {trial.mode}: every request is forwarded.</span>
              <Button kind="strong" onClick={() => void cacheNow(trial.service)} disabled={pending !== null}>
                {pending === 'mode' ? 'Switching…' : 'Switch to cache now'}
              </Button>
            </>
          )}
        </div>
      </section>
      <section aria-label="For good">
        <h3 className="font-medium">For good</h3>
        <p className="mb-2 text-text-2">
          Save this as pitwall.yaml, stop Pitwall (Ctrl-C), and start it with the file. It’s read anew whenever you save
          it.
        </p>
        <YamlText text={trial.policy} fileName="pitwall.yaml" />
        <div className="mt-3 space-y-2">
          <CopyLine text="PITWALL_CONFIG=pitwall.yaml npm start" />
          <p className="text-text-2">Or with no file and no policy of your own:</p>
          <CopyLine text={`PITWALL_UPSTREAM=${trial.url} npm start`} />
        </div>
      </section>
      <div className="flex flex-wrap justify-between gap-2 border-t border-line pt-4">
        <Button onClick={goBack} disabled={pending !== null}>
          {pending === 'end' ? 'Going back…' : 'Back to the sample'}
        </Button>
        <Button kind="strong" onClick={onDone}>
          Done
        </Button>
      </div>
    </div>
  );
}
