import type { GatewaySnapshot } from '../contracts/control.ts';

/** After this silence a worker is missing, ms. */
export const MISSING_MS = 2_000;
/** Most workers that are waited for, and that are named in one sentence. */
const MOST = 1_000;
const NAMED = 3;

/** An instance that ought to answer, with all its workers. */
export interface ExpectedInstance {
  readonly instance: string;
  readonly workers: number;
}

/** Who ought to answer, and who doesn't. */
export interface Roster {
  /** Once a second. @param mono monotonic ms */
  update(expected: readonly ExpectedInstance[], snapshots: readonly GatewaySnapshot[], mono: number): void;
  /** Whether this worker ought to answer. */
  expects(name: string): boolean;
  /** Who is missing, in plain words; undefined while nobody is. */
  missing(): string | undefined;
}

interface Awaited {
  readonly instance: string;
  readonly worker: number;
  /** When it answered last; before its first answer, when it was first expected. Monotonic ms. */
  readonly mono: number;
}

/** How one worker is named among all. */
export const nameOfWorker = (instance: string, worker: number): string => `${instance}/${worker}`;

export function createRoster(): Roster {
  let awaited = new Map<string, Awaited>();
  let now = 0;

  return {
    update(expected, snapshots, mono) {
      const answered = new Set(snapshots.map(({ instance, worker }) => nameOfWorker(instance, worker)));
      const next = new Map<string, Awaited>();
      for (const { instance, workers } of expected) {
        for (let worker = 0; worker < workers && next.size < MOST; worker++) {
          const name = nameOfWorker(instance, worker);
          const since = answered.has(name) ? mono : (awaited.get(name)?.mono ?? mono);
          next.set(name, { instance, worker, mono: since });
        }
      }
      awaited = next;
      now = mono;
    },
    expects: (name) => awaited.has(name),
    missing: () => inWords([...awaited.values()], ({ mono }) => now - mono > MISSING_MS),
  };
}

/** Whole instances where there are only such, workers else. */
function inWords(all: readonly Awaited[], isMissing: (worker: Awaited) => boolean): string | undefined {
  const missing = all.filter(isMissing);
  if (missing.length === 0) return undefined;
  const instances = instancesOf(all);
  const alive = instancesOf(all.filter((worker) => !isMissing(worker)));
  const dead = instancesOf(missing);
  if (instances.length > 1 && dead.every((instance) => !alive.includes(instance))) {
    return sentence('instances', dead, instances.length);
  }
  const names = missing.map(({ instance, worker }) =>
    instances.length > 1 ? `${instance} worker ${worker}` : `worker ${worker}`,
  );
  return sentence('workers', names, all.length);
}

const instancesOf = (workers: readonly Awaited[]): string[] => [...new Set(workers.map(({ instance }) => instance))];

function sentence(what: string, names: readonly string[], total: number): string {
  const rest = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  const named = names.slice(0, NAMED).join(', ') + rest;
  return `${names.length} of ${total} ${what} ${names.length === 1 ? "doesn't" : "don't"} answer: ${named}`;
}
