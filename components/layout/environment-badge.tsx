import { TriangleAlert } from 'lucide-react';
import { classes } from '@/components/ui/classes';

/** Names under which people run what their customers use. */
export const isProduction = (environment: string): boolean =>
  /(^|[^a-z])(prod|production|prd|live)([^a-z]|$)/i.test(environment);

/** Which Pitwall this is, so that nobody clears the wrong one. */
export function EnvironmentBadge({ environment }: { environment: string }) {
  const production = isProduction(environment);
  return (
    <span
      title={`Environment: ${environment}`}
      className={classes(
        'inline-flex min-w-0 items-center gap-1 rounded-sm border px-1.5 text-[11px] leading-[18px] font-semibold tracking-wide',
        production ? 'border-watch bg-watch-wash text-watch' : 'border-line-strong text-text-2',
      )}
    >
      <span className="sr-only">Environment:</span>
      {production && <TriangleAlert size={12} aria-hidden className="shrink-0" />}
      <span className="truncate">{environment}</span>
    </span>
  );
}
