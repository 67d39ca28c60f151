import type { ClearSource } from '../cache/clear-record.ts';
import type { DiskConnection } from '../cache/stores/disk/protocol.ts';
import type { Clock } from '../kernel/clock.ts';
import { asPitwallError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import type { After } from '../kernel/timer.ts';
import type { DiskThread } from '../storage/disk-thread.ts';
import { createRestartPace } from './restart.ts';

export interface KeptDisk {
  /** A way to the storage thread that runs now, for one gateway worker. */
  connect(): DiskConnection;
  /** The clear log of the storage thread that runs now. */
  readonly clears: ClearSource;
  close(): Promise<void>;
}

export interface KeepDiskOptions {
  /** @param above the highest number of the clear log that this process has seen; 0 at first */
  readonly start: (above: number) => Promise<DiskThread>;
  /** The storage thread was started again: whoever had a connection needs a new one. */
  readonly onRestart: (connect: () => DiskConnection) => void;
  readonly clock: Clock;
  readonly after: After;
  readonly logger: Logger;
}

/**
 * Starts the storage thread and keeps it alive: one that dies is started again after 1, 2, 4 … 30 s, loudly. Until
 * then reads find nothing and clears are refused. Rejects with what the first start failed with.
 */
export async function keepDisk({ start, onRestart, clock, after, logger }: KeepDiskOptions): Promise<KeptDisk> {
  const pace = createRestartPace();
  let closing = false;
  let cancel: (() => void) | undefined;
  let since = clock.mono();
  let thread = watched(await start(0));

  function watched(started: DiskThread): DiskThread {
    since = clock.mono();
    void started.exited.then((code) => {
      if (!closing) restartLater(clock.mono() - since, `The storage thread died with exit code ${code}`);
    });
    return started;
  }

  function restartLater(livedMs: number, why: string): void {
    const pause = pace.next(livedMs);
    logger.error(`${why}; starting it again in ${pause / 1_000} s.`);
    cancel = after(pause, () => void restart());
  }

  async function restart(): Promise<void> {
    let started: DiskThread;
    try {
      started = await start(thread.clearNumber);
    } catch (error) {
      if (!closing) restartLater(0, `The storage thread couldn't start: ${asPitwallError(error).message}`);
      return;
    }
    if (closing) return started.close();
    thread = watched(started);
    onRestart(() => thread.connect());
    logger.info('The storage thread runs again.');
  }

  return {
    connect: () => thread.connect(),
    clears: {
      head: () => thread.clears.head(),
      since: (number) => thread.clears.since(number),
      append: (draft) => thread.clears.append(draft),
    },
    async close() {
      closing = true;
      cancel?.();
      await thread.close();
    },
  };
}
