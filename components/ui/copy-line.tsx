import { classes } from './classes';
import { CopyButton } from './copy-button';

interface CopyLineProps {
  readonly text: string;
  /** Shows all of a long one, on several lines. */
  readonly wrap?: boolean;
  /** What the button copies, where the text itself says nothing: a secret. */
  readonly label?: string;
}

/** A command to copy as it stands. */
export function CopyLine({ text, wrap = false, label = `Copy ${text}` }: CopyLineProps) {
  return (
    <div className="flex items-center gap-2 rounded-md border border-line bg-bg py-1 pr-1 pl-3">
      <code
        tabIndex={0}
        className={classes(
          'min-w-0 flex-1 py-1 font-mono text-xs select-all',
          wrap ? '[overflow-wrap:anywhere]' : 'overflow-x-auto whitespace-nowrap',
        )}
      >
        {text}
      </code>
      <CopyButton text={text} label={label} />
    </div>
  );
}
