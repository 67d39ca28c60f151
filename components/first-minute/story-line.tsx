import type { ReactNode } from 'react';
import { Problem } from '@/components/ui/problem';
import { StateWord, type State } from '@/components/ui/state';

interface StoryLineProps {
  readonly state: State;
  /** What was measured, in one breath. */
  readonly word: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** What came of one of the buttons. */
export function StoryLine({ state, word, children, action }: StoryLineProps) {
  return (
    <div className="mt-2 flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1">
      <StateWord state={state} word={word} className="whitespace-normal!" />
      {children !== undefined && <span className="min-w-0 text-text-2">{children}</span>}
      {action}
    </div>
  );
}

/** Why a button did nothing; takes no room where it did. */
export function StoryProblem({ error }: { error: unknown }) {
  return (
    <div className="mt-2 empty:hidden">
      <Problem error={error} />
    </div>
  );
}
