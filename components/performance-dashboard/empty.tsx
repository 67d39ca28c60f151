import { CopyLine } from '@/components/ui/copy-line';
import { rangeWords } from '@/hooks/view';
import type { Range } from '@/lib/contracts/overview';

/** Nothing was asked in the range: the next step is to ask something. */
export function Empty({ range, gatewayUrl }: { range: Range; gatewayUrl: string }) {
  return (
    <section aria-label="No requests" className="mx-auto max-w-lg py-20">
      <h2 className="text-base font-semibold">No requests in the last {rangeWords(range)}</h2>
      <p className="mt-1 mb-4 text-text-2">
        Point a client at the gateway, or try it here. The second answer comes from the cache, if the origin allows it.
      </p>
      <CopyLine text={`curl -i ${gatewayUrl.replace(/\/?$/, '/')}`} />
    </section>
  );
}
