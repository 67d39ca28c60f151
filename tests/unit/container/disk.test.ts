import { describe, expect, it } from 'vitest';
import type { ClearRecord } from '../../../lib/cache/clear-record.ts';
import type { DiskConnection } from '../../../lib/cache/stores/disk/protocol.ts';
import { keepDisk } from '../../../lib/container/disk.ts';
import { manualClock } from '../../../lib/kernel/clock.ts';
import type { DiskThread } from '../../../lib/storage/disk-thread.ts';

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

/** A storage thread that dies on demand; the real one is in tests/contract and tests/integration. */
class FakeDisk implements DiskThread {
  readonly exited: Promise<number>;
  die: (code: number) => void = () => undefined;
  closed = false;
  clearNumber = 0;
  readonly name: string;
  readonly clears;

  constructor(name: string) {
    this.name = name;
    this.exited = new Promise((resolve) => (this.die = resolve));
    this.clears = {
      head: () => ({ number: 1, id: name }),
      since: () => Promise.resolve({ head: { number: 1, id: name }, folded: [], records: [] }),
      append: () => Promise.resolve({ id: name } as ClearRecord),
    };
  }

  connect(): DiskConnection {
    return { seen: Number(this.name) } as unknown as DiskConnection;
  }

  close(): Promise<void> {
    this.closed = true;
    this.die(0);
    return Promise.resolve();
  }
}

async function scene() {
  const disks: FakeDisk[] = [];
  const timers: { ms: number; run: () => void; cancelled: boolean }[] = [];
  const said: string[] = [];
  const reconnected: number[] = [];
  const failures: Error[] = [];
  const aboves: number[] = [];
  let hold: Promise<void> = Promise.resolve();
  const clock = manualClock(1_000);
  const say = (message: string): void => void said.push(message);
  const kept = await keepDisk({
    async start(above) {
      aboves.push(above);
      await hold;
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      const disk = new FakeDisk(String(disks.length));
      disks.push(disk);
      return disk;
    },
    onRestart: (connect) => reconnected.push(connect().seen),
    clock,
    after(ms, run) {
      const timer = { ms, run, cancelled: false };
      timers.push(timer);
      return () => (timer.cancelled = true);
    },
    logger: { debug() {}, info: say, warn: say, error: say },
  });
  return {
    kept,
    disks,
    timers,
    said,
    reconnected,
    failures,
    aboves,
    clock,
    holdStarts: (until: Promise<void>) => void (hold = until),
  };
}

describe('the storage thread', () => {
  it('is started again when it dies, after longer and longer pauses, and everybody gets a new way to it', async () => {
    const { kept, disks, timers, said, reconnected, failures, aboves } = await scene();
    expect([kept.connect().seen, (await kept.clears.head()).id]).toEqual([0, '0']);
    Object.assign(disks[0] as FakeDisk, { clearNumber: 5 }).die(7);
    await settle();
    expect(said).toEqual(['The storage thread died with exit code 7; starting it again in 1 s.']);
    failures.push(new Error('no room'));
    timers[0]?.run();
    await settle();
    expect(said.at(-1)).toBe("The storage thread couldn't start: no room; starting it again in 2 s.");
    timers[1]?.run();
    await settle();
    expect(said.at(-1)).toBe('The storage thread runs again.');
    expect(timers.map(({ ms }) => ms)).toEqual([1_000, 2_000]);
    expect(aboves).toEqual([0, 5, 5]);
    expect(reconnected).toEqual([1]);
    expect(kept.connect().seen).toBe(1);
    expect([(await kept.clears.since(0)).head.id, (await kept.clears.append({ voids: 'x' })).id]).toEqual(['1', '1']);
    await kept.close();
    await settle();
    expect([disks[1]?.closed, timers.length]).toEqual([true, 2]);
  });

  it('isn’t started again once everything closes', async () => {
    const { kept, disks, timers, holdStarts } = await scene();
    disks[0]?.die(1);
    await settle();
    let release = (): void => {};
    holdStarts(new Promise((resolve) => (release = resolve)));
    timers[0]?.run();
    await kept.close();
    expect(timers[0]?.cancelled).toBe(true);
    release();
    await settle();
    expect([disks[1]?.closed, timers.length]).toEqual([true, 1]);
  });

  it('that can’t start while everything closes is left alone', async () => {
    const { kept, disks, timers, failures, said } = await scene();
    disks[0]?.die(1);
    await settle();
    failures.push(new Error('no room'));
    timers[0]?.run();
    await kept.close();
    await settle();
    expect([timers.length, said.length]).toEqual([1, 1]);
  });
});
