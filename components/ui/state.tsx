import { CircleCheck, CircleQuestionMark, OctagonX, TriangleAlert, type LucideIcon } from 'lucide-react';
import { classes } from './classes';

/** The four states of anything. Colour always comes with this icon and a word. */
export type State = 'good' | 'watch' | 'bad' | 'unknown';

const LOOK: Readonly<Record<State, { readonly icon: LucideIcon; readonly colour: string }>> = {
  good: { icon: CircleCheck, colour: 'text-good' },
  watch: { icon: TriangleAlert, colour: 'text-watch' },
  bad: { icon: OctagonX, colour: 'text-bad' },
  unknown: { icon: CircleQuestionMark, colour: 'text-unknown' },
};

interface StateIconProps {
  readonly state: State;
  readonly size?: number;
  readonly className?: string;
}

/** A state's icon alone, beside something that says the word. */
export function StateIcon({ state, size = 14, className }: StateIconProps) {
  const { icon: Icon, colour } = LOOK[state];
  return <Icon size={size} strokeWidth={2.25} aria-hidden className={classes(colour, className)} />;
}

interface StateWordProps {
  readonly state: State;
  readonly word: string;
  readonly size?: number;
  readonly className?: string;
}

/** A state as icon and word. */
export function StateWord({ state, word, size = 14, className }: StateWordProps) {
  return (
    <span
      className={classes(
        'inline-flex items-center gap-1.5 font-medium whitespace-nowrap',
        LOOK[state].colour,
        className,
      )}
    >
      <StateIcon state={state} size={size} className="shrink-0" />
      {word}
    </span>
  );
}
