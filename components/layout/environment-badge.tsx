import { TriangleAlert } from 'lucide-react';
import { Pill } from '@/components/ui/pill';

/** Names under which people run what their customers use. */
export const isProduction = (environment: string): boolean =>
  /(^|[^a-z])(prod|production|prd|live)([^a-z]|$)/i.test(environment);

/** Which Pitwall this is, so that nobody clears the wrong one. */
export function EnvironmentBadge({ environment }: { environment: string }) {
  const production = isProduction(environment);
  return (
    <Pill
      tone={production ? 'watch' : 'outline'}
      {...(production && { icon: TriangleAlert })}
      title={`Environment: ${environment}`}
      className="shrink!"
    >
      <span className="sr-only">Environment:</span>
      <span className="truncate">{environment}</span>
    </Pill>
  );
}
