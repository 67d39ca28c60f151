import type { ReasonShare } from '@/lib/contracts/miss-reason';
import type { View } from '@/hooks/view';
import { KeyTable } from './key-table';
import { ReasonList } from './reason-list';
import { RoutePolicy } from './route-policy';

interface RouteViewProps {
  readonly route: string;
  readonly shares: readonly ReasonShare[];
  readonly view: View;
  readonly onChange: (part: Partial<View>) => void;
}

/** A route: why its requests miss, which keys they are, and the policy that decides. */
export function RouteView({ route, shares, view, onChange }: RouteViewProps) {
  const { service } = view;
  return (
    <div className="grid gap-x-8 gap-y-6 pt-4 lg:grid-cols-[minmax(0,1fr)_400px]">
      <section aria-label="Why requests miss" className="min-w-0">
        <h2 className="mb-1 text-sm font-medium">Why requests miss</h2>
        <ReasonList shares={shares} view={view} onChange={onChange} />
        <div className="mt-6 grid gap-x-8 gap-y-6 xl:grid-cols-2">
          <KeyTable by="asked" service={service} route={route} reason={null} />
          <KeyTable by="missed" service={service} route={route} reason={null} />
        </div>
      </section>
      <section aria-label="Policy" className="min-w-0">
        <h2 className="mb-1 text-sm font-medium">Policy</h2>
        <RoutePolicy service={service} route={route} />
      </section>
    </div>
  );
}
