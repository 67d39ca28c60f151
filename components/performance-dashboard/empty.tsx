import { CopyLine } from '@/components/ui/copy-line';
import { formatTime } from '@/components/ui/format';
import { spanWords } from '@/hooks/view';
import type { Overview } from '@/lib/contracts/overview';

/** Nothing was asked in the range: the next step is to ask something. */
export function Empty({ overview: { range, from, to, gateway } }: { overview: Overview }) {
  const when =
    range === null ? `between ${formatTime(from)} and ${formatTime(to)}` : `in the last ${spanWords(to - from)}`;
  return (
    <section aria-label="No requests" className="mx-auto max-w-lg py-20">
      <h2 className="text-base font-semibold">No requests {when}</h2>
      <p className="mt-1 mb-4 text-text-2">
        Point a client at the gateway, or try it here. The second answer comes from the cache, if the origin allows it.
      </p>
      <CopyLine text={`curl -i ${gateway.url.replace(/\/?$/, '/')}`} />
    </section>
  );
}
