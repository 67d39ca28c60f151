import { X } from 'lucide-react';
import { MISS_REASON, type ReasonShare } from '@/lib/contracts/miss-reason';
import type { MissReason } from '@/lib/contracts/traffic';
import { Button } from '@/components/ui/button';
import { formatCounted, formatPercent } from '@/components/ui/format';
import { KeyTable } from './key-table';

interface ReasonPanelProps {
  readonly reason: MissReason;
  readonly shares: readonly ReasonShare[];
  readonly service: string;
  readonly route: string | null;
  readonly onClose: () => void;
}

/** One reason why requests missed: how often, what it means, what could be done, and which keys it concerns. */
export function ReasonPanel({ reason, shares, service, route, onClose }: ReasonPanelProps) {
  const { words, because, remedy } = MISS_REASON[reason];
  const found = shares.find((each) => each.reason === reason);
  return (
    <section aria-label={`Misses: ${words}`} className="mt-6 border-y border-line py-4">
      <div className="flex items-start gap-4">
        <div className="min-w-0">
          <h2 className="text-base font-semibold">{words}</h2>
          <p className="mt-1">
            {found === undefined
              ? 'No request missed for this reason in this range.'
              : `${formatPercent(found.share)} % of misses in this range, ${formatCounted(found.count, 'request')}.`}
          </p>
          <p className="mt-1 max-w-3xl text-text-2">
            {because} {remedy ?? 'Nothing needs doing.'}
          </p>
        </div>
        <Button kind="quiet" square onClick={onClose} aria-label="Close this reason" className="ml-auto">
          <X size={16} aria-hidden />
        </Button>
      </div>
      <div className="mt-4 max-w-3xl">
        <KeyTable by="missed" service={service} route={route} reason={reason} />
      </div>
    </section>
  );
}
