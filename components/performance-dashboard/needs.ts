import type { Job } from '@/lib/contracts/job';
import type { InstanceState, Overview, ServiceState } from '@/lib/contracts/overview';
import { ANY_REQUEST } from '@/lib/contracts/tail';
import { formatDuration, formatTime } from '@/components/ui/format';
import type { State } from '@/components/ui/state';
import { needAttention } from '@/hooks/job-board';
import type { View } from '@/hooks/view';
import { instanceId, namesOf, presentOf } from './instance-columns';
import { routeId } from './route-columns';

/** Where the next step is: a place on the page, another view of it, or the change that a job reports on. */
export type Step = { readonly label: string } & (
  | { readonly href: `#${string}` }
  | { readonly view: Partial<View>; readonly href: `#${string}` }
  | { readonly change: string }
);

export interface Need {
  readonly key: string;
  readonly state: State;
  readonly word: string;
  readonly text: string;
  readonly step: Step | null;
}

const BREAKER_WORD = {
  open: 'Breaker open',
  'half-open': 'Breaker half-open',
  'held-open': 'Breaker held open',
  'held-closed': 'Breaker held closed',
} as const;

/** A mode that ends within so many ms is told apart. */
const SOON = 10 * 60_000;
/** Unsafe routes that are named. */
const NAMED = 3;

function breakers({ service, targets }: ServiceState): Need[] {
  return targets.flatMap((target): Need[] => {
    const { url, breaker, since, triedAt, lastFailure } = target;
    if (breaker === 'closed') return [];
    const open = breaker === 'half-open' && triedAt !== null ? ', open' : '';
    const tried = triedAt === null ? '' : `, last tried ${formatTime(triedAt)}`;
    const last = lastFailure === null ? '' : ` Last failure: ${lastFailure}.`;
    return [
      {
        key: `${service} ${url}`,
        state: breaker === 'open' ? 'bad' : 'watch',
        word: BREAKER_WORD[breaker],
        text: `${service} → ${url}${open} since ${formatTime(since)}${tried}.${last}`,
        step: {
          label: 'Show failing requests',
          view: { tab: 'requests', tail: { ...ANY_REQUEST, services: [service], results: ['error'] } },
          href: '#traffic',
        },
      },
    ];
  });
}

function mode({ service, mode: now, modeReason, modeUntil }: ServiceState, at: number): Need[] {
  if (now === 'cache') return [];
  const left = modeUntil === null ? Infinity : modeUntil - at;
  const until = modeUntil === null ? '' : ` Until ${formatTime(modeUntil, false)}.`;
  const soon = left <= SOON ? ` Ends in ${formatDuration(left)}.` : '';
  const reason = modeReason === null ? '' : ` “${modeReason}”.`;
  return [
    {
      key: `mode ${service}`,
      state: 'watch',
      word: now === 'observe' ? 'Only observed' : 'Bypassed',
      text: `${service} forwards every request to the origin.${reason}${until}${soon}`,
      step: null,
    },
  ];
}

function unsafe({ routes }: Overview): Need[] {
  const rows = routes.filter((row) => row.unsafe.length > 0);
  const more = rows.length - NAMED;
  return rows.slice(0, NAMED).map((row, i): Need => ({
    key: `unsafe ${routeId(row)}`,
    state: 'watch',
    word: 'Unsafe policy',
    text:
      `${row.service} ${row.route} ignores ${row.unsafe.join(', ')}: answers meant for one user may reach others.` +
      (i === NAMED - 1 && more > 0 ? ` And ${more} more.` : ''),
    step: { label: 'See the route', view: { service: row.service, route: row.route, tab: 'routes' }, href: '#traffic' },
  }));
}

function instances(all: readonly InstanceState[], now: number): Need[] {
  const step: Step = { label: 'See instances', href: '#instances' };
  const missing = all.filter(({ state }) => state === 'missing');
  const late = all.filter(({ state, clears }) => state === 'ok' && clears.state === 'unconfirmed');
  const silent = Math.max(...missing.map(({ at }) => now - at));
  return [
    ...(missing.length === 0
      ? []
      : [
          {
            key: `missing ${missing.map(instanceId).join()}`,
            state: 'bad',
            word: 'Instances missing',
            text: `${namesOf(missing)}: no answer for ${formatDuration(silent)}.`,
            step,
          } as const,
        ]),
    ...(late.length === 0
      ? []
      : [
          {
            key: `late ${late.map(instanceId).join()}`,
            state: 'watch',
            word: 'Clears unconfirmed',
            text: `${namesOf(late)} may still serve what was cleared.`,
            step,
          } as const,
        ]),
  ];
}

function jobNeeds(jobs: readonly Job[], now: number): Need[] {
  return needAttention(jobs, now).map(({ id, kind, title, state, error, outcomes }): Need => {
    const failed = state === 'failed' || outcomes.some((outcome) => outcome.state === 'failed');
    const confirmed = outcomes.filter((outcome) => outcome.state === 'confirmed').length;
    return {
      key: `job ${id}`,
      state: failed ? 'bad' : 'watch',
      word: failed ? 'Job failed' : 'Job unconfirmed',
      text: `${title}: ${error ?? `confirmed by ${confirmed} of ${outcomes.length} workers.`}`,
      step: kind === 'clear' || kind === 'undo' ? { label: 'See what it did', change: `job-${id}` } : null,
    };
  });
}

/** What a person should look at, most urgent first. */
export function needsOf(overview: Overview, jobs: readonly Job[] = []): Need[] {
  const { services, service, levels, configError } = overview;
  const now = presentOf(overview);
  const shown = services.filter((each) => service === 'all' || each.service === service);
  const degraded = levels.filter(({ state }) => state === 'degraded');
  const needs: Need[] = [
    ...shown.flatMap(breakers),
    ...(configError === null
      ? []
      : [
          {
            key: 'config',
            state: 'bad',
            word: 'Configuration refused',
            text: `The one before runs on. ${configError}. Mend the file and save it: it is read again.`,
            step: null,
          } as const,
        ]),
    ...instances(overview.instances, now),
    ...jobNeeds(jobs, now),
    ...shown.flatMap((each) => mode(each, now)),
    ...degraded.map(({ level, why }): Need => ({
      key: level,
      state: 'watch',
      word: 'Level degraded',
      text: `${level.toUpperCase()}${why === null ? ' isn’t usable now.' : `: ${why}`}`,
      step: { label: 'See levels', href: '#levels' },
    })),
    ...unsafe(overview),
  ];
  // A stable sort: within a state the order stays.
  return needs.sort((a, b) => Number(b.state === 'bad') - Number(a.state === 'bad'));
}
