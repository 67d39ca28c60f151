import { classes } from '@/components/ui/classes';
import { jsonDiff, type DiffLine } from './json-diff';

const LOOK: Readonly<Record<DiffLine['sign'], string>> = {
  ' ': 'text-text-2',
  '-': 'text-text-2 line-through decoration-text-3',
  '+': 'bg-hover font-medium text-text',
};
const SPOKEN: Readonly<Record<DiffLine['sign'], string>> = { ' ': '', '-': 'was: ', '+': 'is: ' };

interface JsonChangeProps {
  readonly label: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What was there and what is, as one text: what went struck out, what came set apart. */
export function JsonChange({ label, before, after }: JsonChangeProps) {
  const both = before !== null && before !== undefined && after !== null && after !== undefined;
  const lines = jsonDiff(before, after);
  return (
    <pre
      tabIndex={0}
      role="group"
      aria-label={label}
      className="max-h-80 overflow-auto rounded-md border border-line bg-bg py-2 font-mono text-xs leading-5"
    >
      {lines.map(({ sign, text }, i) => (
        <span key={i} className={classes('block min-w-max px-3', both ? LOOK[sign] : 'text-text')}>
          {both && (
            <>
              <span className="sr-only">{SPOKEN[sign]}</span>
              <span aria-hidden className="inline-block w-4 select-none">
                {sign === '-' ? '−' : sign}
              </span>
            </>
          )}
          {text}
        </span>
      ))}
    </pre>
  );
}
