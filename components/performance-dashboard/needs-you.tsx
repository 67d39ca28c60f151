import type { Overview } from '@/lib/contracts/overview';
import { formatTime } from '@/components/ui/format';
import { StateWord, type State } from '@/components/ui/state';

interface Need {
  readonly key: string;
  readonly state: State;
  readonly word: string;
  readonly text: string;
}

const BREAKER_WORD = {
  open: 'Breaker open',
  'half-open': 'Breaker half-open',
  'held-open': 'Breaker held open',
  'held-closed': 'Breaker held closed',
} as const;

/** What a person should look at, most urgent first. */
export function needsOf({ services, service, levels }: Overview): Need[] {
  const shown = services.filter((each) => service === 'all' || each.service === service);
  const breakers = shown.flatMap((each) =>
    each.targets.flatMap((target): Need[] => {
      if (target.breaker === 'closed') return [];
      const last = target.lastFailure === null ? '' : ` Last failure: ${target.lastFailure}.`;
      return [
        {
          key: `${each.service} ${target.url}`,
          state: target.breaker === 'open' ? 'bad' : 'watch',
          word: BREAKER_WORD[target.breaker],
          text: `${each.service} → ${target.url} since ${formatTime(target.since)}.${last}`,
        },
      ];
    }),
  );
  const modes = shown.flatMap((each): Need[] => {
    if (each.mode === 'cache') return [];
    const until = each.modeUntil === null ? '' : ` Until ${formatTime(each.modeUntil, false)}.`;
    const reason = each.modeReason === null ? '' : ` “${each.modeReason}”.`;
    return [
      {
        key: `mode ${each.service}`,
        state: 'watch',
        word: each.mode === 'observe' ? 'Only observed' : 'Bypassed',
        text: `${each.service} forwards every request to the origin.${reason}${until}`,
      },
    ];
  });
  const degraded = levels.flatMap((level): Need[] =>
    level.state === 'degraded'
      ? [
          {
            key: level.level,
            state: 'watch',
            word: 'Level degraded',
            text: `${level.level.toUpperCase()}${level.why === null ? ' isn’t usable now.' : `: ${level.why}`}`,
          },
        ]
      : [],
  );
  return [...breakers, ...modes, ...degraded];
}

/** "Needs you": nothing at all when nothing does. */
export function NeedsYou({ overview }: { overview: Overview }) {
  const needs = needsOf(overview);
  if (needs.length === 0) return null;
  return (
    <section aria-label="Needs you" className="mt-2 border-l-2 border-line-strong pl-3">
      <ul>
        {needs.map(({ key, state, word, text }) => (
          <li key={key} className="flex flex-wrap gap-x-2 leading-6">
            <StateWord state={state} word={word} />
            <span className="min-w-0 break-words text-text-2">{text}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
