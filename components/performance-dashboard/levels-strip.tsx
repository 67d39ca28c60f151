import type { Overview } from '@/lib/contracts/overview';
import {
  formatBytes,
  formatBytesOf,
  formatCount,
  formatNumber,
  formatPercent,
  formatRate,
  plural,
  withUnit,
} from '@/components/ui/format';
import { StateWord } from '@/components/ui/state';

type Level = Overview['levels'][number];

const NAME = { l1: 'L1 hot', l2: 'L2 session', l3: 'L3 persistent' } as const;
const KIND = { memory: 'memory', disk: 'disk', redis: 'Redis' } as const;

function Used({ level }: { level: Level }) {
  const share = level.budgetBytes === 0 ? 0 : Math.min(level.bytes / level.budgetBytes, 1);
  const used = formatBytes(level.bytes);
  const budget = formatBytes(level.budgetBytes);
  const text =
    level.budgetBytes === 0 ? withUnit(used) : `${formatBytesOf(level.bytes, level.budgetBytes)} / ${withUnit(budget)}`;
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <span aria-hidden className="h-1 w-16 overflow-hidden rounded-full bg-line">
        <span className="block h-full bg-text-3" style={{ width: `${share * 100}%` }} />
      </span>
      {text}
    </span>
  );
}

function LevelView({ level }: { level: Level }) {
  const facts: readonly (readonly [name: string, value: string])[] = [
    [plural(level.entries, 'entry', 'entries'), formatCount(level.entries)],
    ['% answered', formatPercent(level.answeredRatio)],
    ['evictions/s', formatRate(level.evictionsPerSecond)],
    ...(level.latency === null ? [] : [['ms p99 read', formatNumber(level.latency.p99)] as const]),
  ];
  return (
    <li className="flex min-h-8 flex-wrap items-center gap-x-4 gap-y-1 py-1.5 text-xs text-text-2 lg:grid lg:grid-cols-[168px_208px_repeat(4,120px)_1fr] lg:py-1.5">
      <span>
        <span className="text-sm font-medium text-text">{NAME[level.level]}</span>{' '}
        <span className="text-text-3">{KIND[level.kind]}</span>
      </span>
      {level.state === 'off' ? (
        <span className="text-text-3">Off</span>
      ) : (
        <>
          <Used level={level} />
          {facts.map(([name, value]) => (
            <span key={name} className="whitespace-nowrap">
              <span className="text-text">{value}</span> {name}
            </span>
          ))}
        </>
      )}
      {level.state === 'degraded' && (
        <p className="col-span-full flex w-full flex-wrap items-center gap-x-3">
          <StateWord state="watch" word="Degraded" size={12} />
          {level.why !== null && <span className="min-w-0 [overflow-wrap:anywhere]">{level.why}</span>}
          <span>Answers go on from memory and origin.</span>
        </p>
      )}
    </li>
  );
}

/** What the levels hold, against what they may hold; and of one that isn't well why, and what that means. */
export function LevelsStrip({ levels }: { levels: Overview['levels'] }) {
  return (
    <section id="levels" tabIndex={-1} aria-label="Levels" className="scroll-mt-16 outline-none border-y border-line">
      <ul className="divide-y divide-line">
        {levels.map((level) => (
          <LevelView key={level.level} level={level} />
        ))}
      </ul>
    </section>
  );
}
