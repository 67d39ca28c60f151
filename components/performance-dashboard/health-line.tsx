import type { Overview } from '@/lib/contracts/overview';
import { formatDuration, formatTime } from '@/components/ui/format';
import { HEALTH } from '@/components/ui/health-words';
import { StateWord } from '@/components/ui/state';

/** Is it healthy, why, and since when. */
export function HealthLine({ overview }: { overview: Overview }) {
  const { health, sample, range } = overview;
  const { state, word } = HEALTH[health.state];
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-x-3">
      <h1 className="flex text-xl leading-8 font-semibold tracking-tight">
        <StateWord state={state} word={word} size={20} />
      </h1>
      <p className="text-text-2">{health.why}</p>
      <p className="text-text-3">
        since {formatTime(health.since)}
        {/* Health is that of now: a window that stands still says nothing of its age. */}
        {range !== null && ` (${formatDuration(sample.at - health.since)})`}
      </p>
    </div>
  );
}
