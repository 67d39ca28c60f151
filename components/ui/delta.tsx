import { ArrowDown, ArrowUp } from 'lucide-react';
import type { Change } from './format';

/** A change against the period before; an empty line of the same height when nothing can be said. */
export function Delta({ change }: { change: Change | null }) {
  if (change === null) return <span aria-hidden>{'\u00a0'}</span>;
  if (change.direction === 'same') return <span>unchanged</span>;
  const Arrow = change.direction === 'up' ? ArrowUp : ArrowDown;
  return (
    <span className="inline-flex items-center gap-0.5">
      <Arrow size={12} aria-hidden />
      <span className="sr-only">{change.direction}</span>
      {change.text}
    </span>
  );
}
