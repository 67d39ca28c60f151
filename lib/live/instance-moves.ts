import type { Change, ChangeTone } from '../contracts/changes.ts';
import type { InstanceState } from '../contracts/overview.ts';

/** Tells when instances come, go silent, start again and leave, one change for all workers of an instance. */
export interface InstanceMoves {
  /** Once a second: the workers as they are now. The first look only sets what is compared with. @param at wall ms */
  look(states: readonly InstanceState[], at: number): void;
}

interface Seen {
  readonly workers: number;
  readonly missing: number;
  readonly startedAt: number;
}

type Move = readonly [tone: ChangeTone, title: string, detail: string | null];

export function createInstanceMoves(options: { put(change: Change): void; newId(): string }): InstanceMoves {
  let before: ReadonlyMap<string, Seen> | undefined;

  return {
    look(states, at) {
      if (before === undefined && states.length === 0) return;
      const now = seen(states);
      const names = before === undefined ? [] : new Set([...before.keys(), ...now.keys()]);
      for (const instance of names) {
        const move = moveOf(instance, before?.get(instance), now.get(instance));
        if (move === undefined) continue;
        const [tone, title, detail] = move;
        const id = options.newId();
        options.put({ id, at, kind: 'instance', service: null, tone, title, detail, instance, jobId: null });
      }
      before = now;
    },
  };
}

function seen(states: readonly InstanceState[]): Map<string, Seen> {
  const all = new Map<string, Seen>();
  for (const { instance, state, startedAt } of states) {
    const known = all.get(instance) ?? { workers: 0, missing: 0, startedAt: 0 };
    all.set(instance, {
      workers: known.workers + 1,
      missing: known.missing + (state === 'missing' ? 1 : 0),
      startedAt: Math.max(known.startedAt, startedAt),
    });
  }
  return all;
}

function moveOf(instance: string, before: Seen | undefined, now: Seen | undefined): Move | undefined {
  if (now === undefined) {
    return before === undefined || before.missing === before.workers
      ? undefined
      : ['neutral', `${instance} left`, null];
  }
  const { workers, missing } = now;
  if (before === undefined) return missing === workers ? undefined : ['good', `${instance} joined`, count(workers)];
  if (missing > before.missing) {
    const some = missing === workers ? null : `${missing} of ${workers} workers.`;
    return [missing === workers ? 'bad' : 'watch', `${instance} doesn’t answer`, some];
  }
  if (missing < before.missing) {
    const restarted = now.startedAt > before.startedAt ? 'It started again.' : null;
    const left = missing === 0 ? null : `${missing} of ${workers} workers still don’t answer.`;
    return ['good', `${instance} is back`, [restarted, left].filter(Boolean).join(' ') || null];
  }
  if (now.startedAt > before.startedAt) return ['watch', `${instance} started again`, count(workers)];
  return undefined;
}

const count = (workers: number): string => `${workers} ${workers === 1 ? 'worker' : 'workers'}.`;
