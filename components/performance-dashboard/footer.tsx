import type { Overview } from '@/lib/contracts/overview';
import { formatCount, formatCounted, formatNumber } from '@/components/ui/format';

/** Where the gateway listens, and how busy it is. */
export function Footer({ gateway }: { gateway: Overview['gateway'] }) {
  const facts = [
    formatCounted(gateway.workers, 'worker'),
    formatCounted(gateway.connections, 'connection'),
    `${formatCount(gateway.inFlight)} in flight`,
    `event loop p99 ${formatNumber(gateway.eventLoopP99Ms)} ms`,
  ];
  return (
    <footer className="mt-8 flex flex-wrap gap-x-4 border-t border-line py-3 text-xs text-text-3">
      <span>
        Gateway <span className="font-mono">{gateway.url}</span>
      </span>
      {facts.map((fact) => (
        <span key={fact.replace(/[\d.,]+\w?/, '')}>{fact}</span>
      ))}
    </footer>
  );
}
