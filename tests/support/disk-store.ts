import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeEntry } from '../../lib/cache/entry-codec.ts';
import type { Entry } from '../../lib/cache/entry.ts';
import {
  openDiskStore,
  type DiskState,
  type DiskStore,
  type DiskStoreOptions,
  type DiskWrite,
} from '../../lib/cache/stores/disk/disk-store.ts';
import { allotFigures, createFigures, type Figures } from '../../lib/cache/stores/disk/figures.ts';
import { layRecord, RECORD_HEAD } from '../../lib/cache/stores/disk/record.ts';
import { createTimebase } from '../../lib/cache/timebase.ts';
import { manualClock, type ManualClock } from '../../lib/kernel/clock.ts';
import { silentLogger } from '../../lib/kernel/logger.ts';
import { readEntry } from '../../lib/cache/entry-codec.ts';

const timebase = createTimebase(manualClock());

/** A directory of its own, with a store in it whose batches wait for `flush`. */
export interface StoreFixture {
  readonly directory: string;
  readonly store: DiskStore;
  readonly figures: Figures;
  readonly clock: ManualClock;
  /** The warnings so far. */
  readonly said: readonly string[];
  readonly states: readonly DiskState[];
}

export interface FixtureOptions extends Partial<DiskStoreOptions> {
  budgetBytes?: number;
}

export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'pitwall-disk-'));
}

export function removeDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
}

export function openFixture(directory: string, change: FixtureOptions = {}): StoreFixture {
  const clock = manualClock();
  const figures = createFigures(allotFigures());
  const said: string[] = [];
  const states: DiskState[] = [];
  const store = openDiskStore({
    directory,
    budgetBytes: 1_000_000,
    epoch: 'e1',
    clock,
    logger: { ...silentLogger, warn: (message) => said.push(message) },
    figures,
    onState: (state) => states.push(state),
    onDirty() {},
    ...change,
  });
  return { directory, store, figures, clock, said, states };
}

/** What a level would send of an entry. */
export function writeOf(entry: Entry, now = 0): DiskWrite {
  const description = describeEntry(entry, timebase);
  return {
    key: entry.key,
    variant: JSON.stringify([entry.vary, entry.varyValues]),
    bytes: entry.bytes,
    now,
    record: layRecord(description, entry.body),
    bodyAt: RECORD_HEAD + description.length,
  };
}

/** All entries under a key that the store gives, newest first. */
export function entriesOf(store: DiskStore, key: string): Entry[] {
  return store.find(key).flatMap((row) => {
    const record = store.load(row);
    const entry = record && readEntry(record.subarray(RECORD_HEAD), timebase);
    return entry?.key === key ? [entry] : [];
  });
}
