import type { Overview } from '@/lib/contracts/overview';
import { formatBytes, formatCount, formatPercent, formatRate } from '@/components/ui/format';
import { StateWord } from '@/components/ui/state';

type Level = Overview['levels'][number];

const NAME = { l1: 'L1 hot', l2: 'L2 session', l3: 'L3 persistent' } as const;

function Used({ level }: { level: Level }) {
  const share = level.budgetBytes === 0 ? 0 : Math.min(level.bytes / level.budgetBytes, 1);
  const used = formatBytes(level.bytes);
  const budget = formatBytes(level.budgetBytes);
  const text =
    level.budgetBytes === 0
      ? `${used.value} ${used.unit}`
      : `${used.value} ${used.unit === budget.unit ? '' : `${used.unit} `}/ ${budget.value} ${budget.unit}`;
  return (
    <span className="inline-flex items-center gap-2">
      {level.budgetBytes > 0 && (
        <span aria-hidden className="h-1 w-16 overflow-hidden rounded-full bg-line">
          <span className="block h-full bg-text-3" style={{ width: `${share * 100}%` }} />
        </span>
      )}
      {text}
    </span>
  );
}

function LevelView({ level }: { level: Level }) {
  const facts: readonly (readonly [string, string])[] = [
    [level.entries === 1 ? 'entry' : 'entries', formatCount(level.entries)],
    ['% answered', formatPercent(level.answeredRatio)],
    ['evictions/s', formatRate(level.evictionsPerSecond)],
  ];
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1.5 text-xs text-text-2">
      <span className="text-[13px] font-medium text-text">{NAME[level.level]}</span>
      {level.state === 'degraded' && <StateWord state="watch" word="Degraded" size={12} />}
      {level.state === 'off' ? (
        <span className="text-text-3">Off</span>
      ) : (
        <>
          <Used level={level} />
          {facts.map(([name, value]) => (
            <span key={name}>
              <span className="text-text">{value}</span> {name}
            </span>
          ))}
        </>
      )}
    </li>
  );
}

/** What the levels hold, against what they may hold. */
export function LevelsStrip({ levels }: { levels: Overview['levels'] }) {
  return (
    <section aria-label="Levels" className="border-y border-line">
      <ul className="flex min-h-10 flex-wrap items-center gap-x-10">
        {levels.map((level) => (
          <LevelView key={level.level} level={level} />
        ))}
      </ul>
    </section>
  );
}
