import { describe, expect, it } from 'vitest';
import { PitwallError } from '../../../lib/kernel/errors.ts';
import { parseAnchor } from '../../../lib/journal/anchors.ts';
import { verifyJournal } from '../../../lib/journal/verify.ts';
import { KEY } from '../../support/journal-chain.ts';
import { journalScene, sampleCommand, settle } from '../../support/journal-scene.ts';
import { memoryJournal } from '../../support/memory-journal.ts';

const kinds = (store: { records: { kind: string }[] }): string[] => store.records.map(({ kind }) => kind);

async function faults(archive: ReturnType<typeof memoryJournal>): Promise<unknown[]> {
  return (await verifyJournal({ archive, key: KEY })).map(({ fault }) => fault).filter((fault) => fault !== undefined);
}

describe('a command', () => {
  it('is written down before it runs, and its outcome after', async () => {
    const { journal, store, clock } = journalScene();
    const result = await journal.command(
      sampleCommand(),
      async () => {
        expect(kinds(store)).toEqual(['opened', 'command']);
        clock.advance(12.25);
        return { mode: 'bypass', token: 'abc' };
      },
      (made) => made,
    );
    expect(result).toEqual({ mode: 'bypass', token: 'abc' });
    const [entry] = (await store.page({ limit: 1, kind: 'command' })).entries;
    expect(entry).toEqual({
      chain: 'one:r01',
      number: 2,
      at: 1_000_000,
      kind: 'command',
      action: 'setMode',
      actor: 'person:1',
      who: 'Ada',
      from: '192.0.2.1',
      target: 'shop',
      outcome: 'done',
      requestId: 'q-1',
      before: 'cache',
      after: { mode: 'bypass', token: '[redacted]' },
      error: null,
      tookMs: 12.25,
    });
    expect(await faults(store)).toEqual([]);
  });

  it('that the person could not do is refused, any other error a failure; both come through', async () => {
    const { journal, store } = journalScene();
    const conflict = new PitwallError('conflict', 'It ended already.');
    await expect(journal.command(sampleCommand(), () => Promise.reject(conflict))).rejects.toBe(conflict);
    const broken = new Error('redis://:pw@cache is away');
    const thrower = (): never => {
      throw broken;
    };
    await expect(journal.command(sampleCommand(), thrower)).rejects.toBe(broken);
    const away = new PitwallError('storage_unavailable', 'Away.');
    await expect(journal.command(sampleCommand(), () => Promise.reject(away))).rejects.toBe(away);
    const { entries } = await store.page({ limit: 9, kind: 'command' });
    expect(entries.map(({ outcome, error }) => [outcome, error])).toEqual([
      ['failed', 'Away.'],
      ['failed', 'redis://[redacted]@cache is away'],
      ['refused', 'It ended already.'],
    ]);
  });

  it('shares its append with those that wait with it', async () => {
    const { journal, store } = journalScene();
    await journal.open();
    const before = store.appends;
    await Promise.all(
      Array.from({ length: 500 }, (_, n) => journal.command(sampleCommand({ requestId: `q-${n}` }), () => n)),
    );
    expect(store.appends - before).toBeLessThanOrEqual(12);
    expect(store.records).toHaveLength(1_001);
    expect(store.subjects).toHaveLength(1);
    expect(await faults(store)).toEqual([]);
  });

  it('keeps no text that a database refuses, and no secret', async () => {
    const { journal, store } = journalScene();
    const about = sampleCommand({
      actor: 'a\0b',
      who: 'Z\0oe \ud800',
      from: { address: null, agent: 'x'.repeat(999) },
      action: 'y'.repeat(200),
      target: 'https://u:pw@shop.test/\0?token=abc',
      requestId: 'q\0',
      after: { password: 'pw' },
    });
    await journal.command(
      about,
      () => undefined,
      () => {
        throw new Error('no words');
      },
    );
    const text = JSON.stringify([store.records, store.subjects]);
    expect(text).not.toMatch(/\\u0000|\\ud800|pw|abc/);
    expect(store.subjects[0]).toMatchObject({ actor: 'ab', name: 'Zoe \ufffd', address: null, agent: 'x'.repeat(300) });
  });

  it('has no subject where nothing tells of a person', async () => {
    const { journal, store } = journalScene();
    await journal.command(sampleCommand({ who: null, from: { address: '', agent: null } }), () => 1);
    expect(store.subjects).toEqual([]);
  });

  it('gives a person a new row after a day', async () => {
    const { journal, store, clock } = journalScene();
    for (const ms of [0, 86_399_999, 1]) {
      clock.advance(ms);
      await journal.command(sampleCommand(), () => 1);
    }
    expect(store.subjects).toHaveLength(2);
  });
});

describe('events', () => {
  it('are written once a second, or with the next command', async () => {
    const { journal, store, pass } = journalScene();
    await journal.open();
    for (let n = 0; n < 3; n++)
      journal.event({ action: 'openBreaker', target: 'shop', before: 'closed', after: 'open' });
    await pass(999);
    expect(kinds(store)).toEqual(['opened']);
    await pass(1);
    expect(kinds(store)).toEqual(['opened', 'event', 'event', 'event']);
    journal.event({ action: 'closeBreaker', target: null, before: { password: 'x' }, after: null });
    await journal.command(sampleCommand(), () => 1);
    expect(kinds(store).slice(4)).toEqual(['command', 'event', 'outcome']);
    expect(JSON.stringify(store.records)).not.toContain('"x"');
    expect(await faults(store)).toEqual([]);
  });

  it('open the chain as well', async () => {
    const { journal, store, pass } = journalScene();
    journal.event({ action: 'openBreaker', target: null, before: null, after: null });
    await pass(1_000);
    expect(kinds(store)).toEqual(['opened', 'event']);
  });

  it('that come in thousands while nothing can be written are counted', async () => {
    const { journal, store, spool, pass } = journalScene();
    await journal.open();
    store.fails = 'before';
    spool.fails = true;
    await expect(journal.command(sampleCommand(), () => 1)).rejects.toMatchObject({ code: 'storage_unavailable' });
    for (let n = 0; n < 5_100; n++) journal.event({ action: 'e', target: null, before: null, after: n });
    await pass(1_000);
    store.fails = undefined;
    await pass(60_000);
    journal.event({ action: 'last', target: null, before: null, after: null });
    await pass(1_000);
    const gap = store.records.find(({ kind }) => kind === 'gap');
    expect(JSON.parse(gap!.detail)).toEqual({ dropped: 100 });
    expect(store.records.filter(({ kind }) => kind === 'event')).toHaveLength(5_001);
    expect(store.records.at(-1)!.action).toBe('last');
    expect(await faults(store)).toEqual([]);
  });
});

describe('chains', () => {
  it('name the head before, and a gap where that was not closed', async () => {
    const store = memoryJournal();
    const first = journalScene({ store });
    await first.journal.command(sampleCommand(), () => 1);
    const second = journalScene({ store, newId: () => 'b' });
    await second.journal.open();
    await second.journal.close();
    const third = journalScene({ store, newId: () => 'c' });
    await third.journal.open();
    expect(store.records.map(({ chain, kind }) => `${chain} ${kind}`)).toEqual([
      'one:r01 opened',
      'one:r01 command',
      'one:r01 outcome',
      'one:b opened',
      'one:b gap',
      'one:b closed',
      'one:c opened',
    ]);
    expect(await faults(store)).toEqual([]);
    // Each names the one before: a chain can't be taken away, or be cut.
    const whole = store.records;
    store.records = whole.filter(({ chain }) => chain !== 'one:b');
    expect(await faults(store)).toEqual([{ fault: 'cut', number: 1 }]);
    store.records = whole.filter(({ chain, number }) => chain !== 'one:r01' || number < 3);
    expect(await faults(store)).toEqual([{ fault: 'cut', number: 3 }]);
  });

  it('say their heads in the log, when there is something new', async () => {
    const { journal, store, lines, pass } = journalScene();
    await journal.open();
    await pass(1_200_000);
    await journal.command(sampleCommand(), () => 1);
    await pass(600_000);
    await journal.close();
    const heads = [1, 3, 4].map((number) => store.records.find((record) => record.number === number)!);
    expect(lines).toEqual(heads.map(({ chain, number, mac }) => `info Journal head: ${chain} ${number} ${mac}`));
    const said = lines.map((line) => line.replace('info ', ''));
    const written = [
      (line: string) => line,
      (line: string) => line.replace('Journal head: ', ''),
      (line: string) => `06:01:02 info  ${line}`,
      (line: string) => JSON.stringify({ level: 'info', correlationId: 'x', message: line }),
    ];
    for (const form of written) {
      expect(said.map(form).map(parseAnchor)).toEqual(heads.map(({ chain, number, mac }) => ({ chain, number, mac })));
    }
    // What somebody had written into the log within a line of another kind is none.
    const mode = (line: string) => `Mode of shop is now bypass: ${line}`;
    for (const form of [mode, (line: string) => JSON.stringify({ message: mode(JSON.stringify({ message: line })) })]) {
      expect(said.map(form).map(parseAnchor)).toEqual(heads.map(() => undefined));
    }
    expect(parseAnchor('one:a 3 abc')).toBeUndefined();
    const [anchor] = said.map(parseAnchor).slice(-1);
    store.records = store.records.slice(0, 2);
    const [verdict] = await verifyJournal({ archive: store, key: KEY, anchors: [anchor!] });
    expect(verdict).toEqual({ chain: 'one:r01', first: 1, last: 2, fault: { fault: 'cut', number: 3 } });
  });

  it('write nothing when nothing was opened, and end once', async () => {
    const { journal, store } = journalScene();
    await journal.close();
    await journal.close();
    journal.event({ action: 'e', target: null, before: null, after: null });
    expect(store.records).toEqual([]);
    await expect(journal.command(sampleCommand(), () => 1)).rejects.toMatchObject({ code: 'storage_unavailable' });
  });

  it('end after the commands under way, or after 2 s', async () => {
    const quick = journalScene();
    const hold = Promise.withResolvers<number>();
    const command = quick.journal.command(sampleCommand(), () => hold.promise);
    await settle();
    const closing = quick.journal.close();
    await settle();
    hold.resolve(1);
    await Promise.all([closing, command]);
    expect(kinds(quick.store)).toEqual(['opened', 'command', 'outcome', 'closed']);

    const slow = journalScene();
    void slow.journal.command(sampleCommand(), () => new Promise(() => undefined));
    await settle();
    const ended = slow.journal.close();
    await slow.pass(2_000);
    await ended;
    expect(kinds(slow.store)).toEqual(['opened', 'command', 'closed']);
  });
});
