/**
 * Sums counters over workers so that the sum never falls: what a worker had counted before it restarted stays in the
 * sum, and a worker that doesn't answer counts with what it last said.
 */
export interface Ledger {
  /** Takes a worker's reading of the counters under `key`. One that shrank, or a newer `startedAt`, is a restart. */
  read(key: string, worker: string, startedAt: number, counters: Float64Array): void;
  /** The sum under `key`; undefined when nobody ever read it. */
  sum(key: string): Float64Array | undefined;
}

interface Account {
  /** Of lives that ended. */
  readonly ended: Float64Array;
  readonly lives: Map<string, { startedAt: number; counters: Float64Array }>;
}

export function createLedger(): Ledger {
  const accounts = new Map<string, Account>();
  return {
    read(key, worker, startedAt, counters) {
      let account = accounts.get(key);
      if (account === undefined) {
        account = { ended: new Float64Array(counters.length), lives: new Map() };
        accounts.set(key, account);
      }
      const life = account.lives.get(worker);
      if (life !== undefined && (life.startedAt !== startedAt || shrank(counters, life.counters))) {
        add(account.ended, life.counters);
      }
      account.lives.set(worker, { startedAt, counters });
    },
    sum(key) {
      const account = accounts.get(key);
      if (account === undefined) return undefined;
      const sum = account.ended.slice();
      for (const { counters } of account.lives.values()) add(sum, counters);
      return sum;
    },
  };
}

function shrank(now: Float64Array, before: Float64Array): boolean {
  return now.some((value, index) => value < (before[index] as number));
}

function add(sum: Float64Array, counters: Float64Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (counters[i] as number);
}
