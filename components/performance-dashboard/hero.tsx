import type { Overview } from '@/lib/contracts/overview';
import { formatPercent, formatRate } from '@/components/ui/format';
import { Tip } from '@/components/ui/tip';

/** What the services shown do for the origin. */
export type Effect = 'saves' | 'observes' | 'bypasses';

/** All in all. */
export function effectOf({ services, service }: Overview): Effect {
  const modes = services.filter((each) => service === 'all' || each.service === service).map((each) => each.mode);
  if (modes.length === 0 || modes.includes('cache')) return 'saves';
  return modes.includes('observe') ? 'observes' : 'bypasses';
}

const MEANING: Readonly<Record<Effect, string>> = {
  saves:
    'Calls that the origin was spared: 1 − all origin calls (retries and refreshes included) ÷ client requests. What was only observed doesn’t count.',
  observes: 'The service is only observed. In mode cache, this share of its requests would have needed no origin call.',
  bypasses: 'The service is bypassed: every request goes to the origin.',
};

/** The one number of the page. */
export function Hero({ overview }: { overview: Overview }) {
  const { summary } = overview;
  const effect = effectOf(overview);
  const observes = effect === 'observes';
  const ratio = observes ? summary.wouldHaveSaved : summary.originCallsSaved;
  const asked = summary.requestsPerSecond;
  const reached =
    observes && asked !== null && summary.wouldHaveSaved !== null
      ? asked * (1 - summary.wouldHaveSaved)
      : summary.originCallsPerSecond;
  return (
    <Tip text={MEANING[effect]}>
      <button
        type="button"
        className="flex h-[120px] min-w-0 flex-col bg-bg py-3 pr-4 text-left hover:bg-hover focus-visible:z-10 focus-visible:outline-offset-[-2px]"
      >
        <span className="text-xs text-text-2">
          {observes ? 'Origin calls that would have been saved' : 'Origin calls saved'}
        </span>
        <span className="mt-1 text-hero font-medium tracking-[-0.03em] whitespace-nowrap">
          {formatPercent(ratio)}
          <span className="ml-1 text-xl tracking-normal text-text-3">%</span>
        </span>
        <span className="mt-auto truncate text-xs text-text-2">
          asked {formatRate(asked)}/s, {observes ? 'would reach' : 'reached'} origin {formatRate(reached)}/s
        </span>
      </button>
    </Tip>
  );
}
