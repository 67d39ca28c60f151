import { createDiskLevel } from '../../lib/cache/stores/disk-level.ts';
import { makeEntry, type EntryParts } from '../../lib/cache/entry.ts';
import { createTimebase } from '../../lib/cache/timebase.ts';
import { systemClock } from '../../lib/kernel/clock.ts';
import { silentLogger } from '../../lib/kernel/logger.ts';
import { startDisk } from '../../lib/storage/disk-thread.ts';
import type { OpenCandidate } from './candidate.ts';

const PARTS: Omit<EntryParts, 'key' | 'body'> = {
  service: 's',
  vary: [],
  varyValues: [],
  status: 200,
  statusMessage: 'OK',
  headers: ['Content-Type', 'text/plain'],
  partial: undefined,
  tags: [],
  clearNumber: 0,
  storedAt: 0,
  ownHeaders: [],
  initialAge: 0,
  responseDelay: 0,
  freshUntil: 1_000,
  staleWhileRevalidateUntil: 1_000,
  staleIfErrorUntil: 1_000,
  mustRevalidate: false,
  forAuthorization: false,
  forCookie: true,
  etag: undefined,
  lastModified: undefined,
};

/** The product: segment files with an index in SQLite, in the storage thread, over its port. */
export const openSegments: OpenCandidate = async (directory, budgetBytes) => {
  const disk = await startDisk({
    directory,
    budgetBytes,
    clears: { names: 100, patterns: 100 },
    logger: silentLogger,
  });
  const timebase = createTimebase(systemClock);
  const level = createDiskLevel({ connection: disk.connect(), timebase, deadlineMs: 10_000, maxPendingBytes: 2 ** 30 });
  return {
    write: async (key, body) => level.write(makeEntry({ ...PARTS, key, body })),
    read: async (key) => (await level.read(key))?.[0]?.body,
    async close() {
      level.close();
      await disk.close();
    },
  };
};
