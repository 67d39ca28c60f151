// Over 300 lines: one suite of what crosses the port, whole, in pieces, late, and harmed.
import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryClears } from '../../../lib/cache/clear-sources/memory.ts';
import type { ClearRecord } from '../../../lib/cache/clear-record.ts';
import { SLICE_RECORDS } from '../../../lib/cache/clear-slice.ts';
import { createPortClearSource } from '../../../lib/cache/stores/disk/clear-source.ts';
import { createDiskLink, answered } from '../../../lib/cache/stores/disk/link.ts';
import { createDiskLevel, MAX_KEY_LENGTH, type DiskLevel } from '../../../lib/cache/stores/disk-level.ts';
import { allotFigures, createFigures } from '../../../lib/cache/stores/disk/figures.ts';
import type { DiskConnection, DiskRequest } from '../../../lib/cache/stores/disk/protocol.ts';
import { createTimebase } from '../../../lib/cache/timebase.ts';
import { manualClock } from '../../../lib/kernel/clock.ts';
import { serveDisk, type EmbeddedClears } from '../../../lib/storage/disk-port.ts';
import { sampleEntry } from '../../suites/level.ts';
import { openFixture, removeDirectory, temporaryDirectory, writeOf } from '../../support/disk-store.ts';
import { eventually } from '../../support/eventually.ts';

const MIB = 1_048_576;
const timebase = createTimebase(manualClock());
let directory: string;
const closing: (() => void)[] = [];
beforeEach(() => {
  directory = temporaryDirectory();
});
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close();
  removeDirectory(directory);
});

const MANY = 1_000;
const logged = Array.from({ length: MANY }, (_, i): ClearRecord => {
  return { scope: { key: `http://a/${i}` }, mode: 'hard', number: i + 1, id: String(i), at: 0 };
});

/** The storage thread's part in this thread: a store, a clear log, and ports to them. */
function host(budgetBytes = 64 * MIB) {
  const memory = allotFigures();
  const figures = createFigures(memory);
  const { store, clock } = openFixture(directory, { budgetBytes, figures });
  const source = createMemoryClears({ clock });
  const clears: EmbeddedClears = {
    get head() {
      return source.head() as EmbeddedClears['head'];
    },
    since(number) {
      if (number < 0) throw new Error('not asked for');
      return { head: { number: MANY, id: 'last' }, folded: [], records: logged.slice(number) };
    },
    append: (draft) => ({ ...draft, number: 7, id: 'seven', at: 0 }),
  };
  closing.push(() => store.close());
  const connect = (): DiskConnection => {
    const { port1, port2 } = new MessageChannel();
    serveDisk(port2, { store, clears, figures });
    return { port: port1, head: memory, seen: 0 };
  };
  return { store, figures, connect };
}

function level(connection: DiskConnection, change: Partial<Parameters<typeof createDiskLevel>[0]> = {}): DiskLevel {
  const made = createDiskLevel({ connection, timebase, deadlineMs: 5_000, ...change });
  closing.push(() => made.close());
  return made;
}

/** A thread that hears and says nothing. */
function deaf(): { connection: DiskConnection; heard: DiskRequest[]; end: () => void } {
  const { port1, port2 } = new MessageChannel();
  const heard: DiskRequest[] = [];
  port2.on('message', (request: DiskRequest) => heard.push(request));
  closing.push(() => port2.close());
  const head = allotFigures();
  createFigures(head).set('budgetBytes', MIB);
  return { connection: { port: port1, head, seen: 0 }, heard, end: () => port2.close() };
}

const large = (key: string, mib: number, value = 'x') =>
  sampleEntry({ key, vary: ['v'], varyValues: [value], body: Buffer.alloc(mib * MIB, value) });

describe('long news over the port', () => {
  it('tells long news in slices, also to several at once', async () => {
    const { connect } = host();
    const links = [connect(), connect()].map((connection) => createDiskLink(connection));
    for (const link of links) closing.push(() => link.close());
    const slices: number[] = [];
    const [first, second] = links.map((link) => {
      const ask: typeof link.ask = async (...question) => {
        const answer = await link.ask(...question);
        slices.push(answered(answer, 'news').news.records.length);
        return answer;
      };
      return createPortClearSource({ ...link, ask }, 5_000);
    });
    const told = await Promise.all([first?.since(0), second?.since(10)]);
    expect(told[0]).toEqual({ head: { number: MANY, id: 'last' }, folded: [], records: logged });
    expect(told[1]?.records).toEqual(logged.slice(10));
    expect(Math.max(...slices)).toBe(SLICE_RECORDS);
  });

  it('never mixes news that are asked for over each other: who asked first is refused', async () => {
    const link = createDiskLink(host().connect());
    closing.push(() => link.close());
    const source = createPortClearSource(link, 5_000);
    const [first, second] = await Promise.allSettled([source.since(0), source.since(1)]);
    expect(first).toMatchObject({ status: 'rejected', reason: { code: 'storage_unavailable' } });
    expect(second).toMatchObject({ status: 'fulfilled', value: { records: logged.slice(1) } });
  });
});

describe('the disk’s level over its port', () => {
  it('carries large entries in pieces, and gives them back whole', async () => {
    const one = level(host().connect());
    const entry = large('large', 3);
    expect(await one.write(entry)).toBe(true);
    const [read] = (await one.read('large')) ?? [];
    expect(read?.body.equals(entry.body)).toBe(true);
    expect(one.stats()).toMatchObject({ entries: 1, bytes: entry.bytes });
  });

  it('fetches of several large variants only those that are accepted', async () => {
    const one = level(host().connect());
    for (const value of ['x', 'y', 'z']) await one.write(large('large', 1, value));
    const values = async (...wanted: string[]) =>
      (await one.read('large', (_, [value]) => wanted.includes(value!)))?.map((entry) => entry.varyValues[0]);
    expect(await values('y')).toEqual(['y']);
    expect(await values('x', 'z')).toEqual(['z', 'x']);
    expect(await values()).toBeUndefined();
    expect(await one.read('large')).toHaveLength(3);
  });

  it('shares reads of one key that are under way', async () => {
    const { connection, heard } = deaf();
    const one = level(connection, { deadlineMs: 60 });
    await Promise.all(['a', 'a', 'b'].map(async (key) => one.read(key)));
    expect(heard).toEqual([
      { n: 1, ask: 'read', key: 'a', peek: false },
      { n: 2, ask: 'read', key: 'b', peek: false },
    ]);
  });

  it('takes a late answer for none', async () => {
    const start = performance.now();
    expect(await level(deaf().connection, { deadlineMs: 5 }).read('a')).toBeUndefined();
    expect(performance.now() - start).toBeGreaterThanOrEqual(4);
  });

  it('waits longer for what is said to come', async () => {
    let come = false;
    const { port1, port2 } = new MessageChannel();
    closing.push(() => port2.close());
    const one = level({ port: port1, head: allotFigures(), seen: 0 }, { deadlineMs: 40 });
    port2.on('message', ({ n }: DiskRequest) => {
      port2.postMessage({ n, coming: 1e9 });
      setTimeout(() => {
        come = true;
        port2.postMessage({ n, found: [] });
      }, 80);
    });
    expect([await one.read('a'), come]).toEqual([undefined, true]);
  });

  it('drops writes past the bound of what is on its way, to the byte', async () => {
    const { connection, heard, end } = deaf();
    const entry = sampleEntry();
    const one = level(connection, { maxPendingBytes: 2 * entry.bytes });
    const writes = [entry, sampleEntry()].map(async (each) => one.write(each));
    expect(one.write(sampleEntry())).toBe(false);
    expect(one.health().dropped).toBe(1);
    await eventually(() => expect(heard).toHaveLength(2));
    end();
    expect(await Promise.all(writes)).toEqual([false, false]);
    expect(one.health()).toMatchObject({ state: 'degraded', dropped: 3 });
  });

  it('keeps keys up to their bound', async () => {
    const one = level(host().connect());
    const longest = 'k'.repeat(MAX_KEY_LENGTH);
    expect(await one.write(sampleEntry({ key: longest }))).toBe(true);
    expect(await one.read(longest)).toHaveLength(1);
    expect(await one.write(sampleEntry({ key: `${longest}k` }))).toBe(false);
    expect(await one.read(`${longest}k`)).toBeUndefined();
  });

  it('removes an entry that is still being written', async () => {
    const one = level(host().connect());
    const entry = large('large', 2);
    const written = one.write(entry);
    expect(await one.remove(entry)).toBe(true);
    expect(await written).toBe(true);
    expect(await one.read('large')).toBeUndefined();
  });

  it('sees through one port what came through another, and removes it there', async () => {
    const { connect } = host();
    const [one, other] = [level(connect()), level(connect())];
    const entry = sampleEntry();
    await one.write(entry);
    const [read] = (await other.read(entry.key)) ?? [];
    expect(read).toEqual(entry);
    expect(await other.remove(read!)).toBe(true);
    expect(await one.read(entry.key)).toBeUndefined();
    expect(await one.remove(entry)).toBe(false);
  });

  it('goes on over another port, and says meanwhile that it can’t', async () => {
    const { connect } = host();
    const first = deaf();
    const one = level(first.connection);
    const cut = one.read('a');
    first.end();
    expect(await cut).toBeUndefined();
    expect(one.health()).toMatchObject({
      state: 'degraded',
      why: 'The storage thread is away; it will be started again.',
    });
    expect(await one.read('a')).toBeUndefined();
    expect(await one.write(sampleEntry())).toBe(false);
    expect(await one.write(large('large', 2))).toBe(false);
    await expect(one.remove({ key: 'a', url: 'a' })).rejects.toMatchObject({ code: 'storage_unavailable' });
    one.reconnect(connect());
    expect(await one.write(sampleEntry())).toBe(true);
    expect(one.health().state).toBe('ok');
  });

  it('gives up a write in pieces for a URL that is forgotten meanwhile: its last piece would store it again', async () => {
    const { connect } = host();
    const disk = level(connect());
    const entry = sampleEntry({ key: 'GET http://a.test/ realm=s', body: Buffer.alloc(5 * MIB) });
    const written = disk.write(entry);
    expect(await disk.remove({ key: entry.key, url: 'http://a.test/' })).toBe(false);
    expect(await written).toBe(false);
    expect(await disk.read(entry.key)).toBeUndefined();
  });

  it('gives up a write in pieces whose port closes, and its room', async () => {
    const { connect, figures, store } = host(4 * MIB);
    const one = level(connect());
    const written = one.write(large('large', 3));
    one.close();
    expect(await written).toBe(false);
    const other = level(connect());
    await eventually(async () => {
      for (let i = 0; i < 2; i += 1) expect(await other.write(large(`k${i}`, 1))).toBe(true);
      expect(figures.get('entries')).toBe(2);
    });
    expect(store.state.state).toBe('ok');
  });

  it('drops a record that isn’t an entry, and forgets it', async () => {
    const { connect, store } = host();
    const write = writeOf(sampleEntry({ key: 'a' }));
    write.record.write('not JSON', 40, 'latin1');
    store.write(write);
    const one = level(connect());
    expect(await one.read('a')).toBeUndefined();
    await eventually(() => expect(one.stats().entries).toBe(0));
  });

  it('drops a large variant that has been harmed', async () => {
    const { connect, store } = host();
    const write = writeOf(large('large', 1, 'x'));
    write.record.write('not JSON', 40, 'latin1');
    store.write(write);
    store.write(writeOf(large('large', 1, 'y')));
    const one = level(connect());
    expect((await one.read('large'))?.map((entry) => entry.varyValues[0])).toEqual(['y']);
  });
});

describe('the clear log over the port', () => {
  it('reads the head from shared memory while its number stays', async () => {
    const { connect, figures } = host();
    const { clears } = level(connect());
    expect(await clears.head()).toEqual({ number: 0, id: '' });
    expect(clears.head()).toEqual({ number: 0, id: '' });
    figures.set('clearNumber', 3);
    const asked = clears.head();
    expect(asked).toBeInstanceOf(Promise);
    expect(await asked).toEqual({ number: 0, id: '' });
  });

  it('publishes the number of what was appended', async () => {
    const { connect, figures } = host();
    const record = await level(connect()).clears.append({ scope: { all: true }, mode: 'hard' });
    expect(record).toMatchObject({ number: 7, scope: { all: true }, mode: 'hard' });
    expect(figures.get('clearNumber')).toBe(7);
  });

  it('hands on what the log fails with, and rejects without a thread', async () => {
    const { connect } = host();
    const one = level(connect());
    await expect(one.clears.since(-1)).rejects.toMatchObject({ code: 'storage_unavailable', message: 'not asked for' });
    await one.clears.head();
    one.close();
    await expect(one.clears.head()).rejects.toMatchObject({ code: 'storage_unavailable' });
  });

  it('refuses an answer of another kind', async () => {
    const { port1, port2 } = new MessageChannel();
    closing.push(() => port2.close());
    port2.on('message', ({ n }: DiskRequest) => port2.postMessage({ n, removed: true }));
    const { clears } = level({ port: port1, head: allotFigures(), seen: 0 });
    await expect(clears.since(0)).rejects.toMatchObject({ code: 'internal' });
  });
});
