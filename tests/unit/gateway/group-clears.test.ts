import { describe, expect, it } from 'vitest';
import type { ClearDraft, ClearScope } from '../../../lib/cache/clear-record.ts';
import { createMemoryClears } from '../../../lib/cache/clear-sources/memory.ts';
import {
  BURST,
  createGroupClears,
  EVERY_MS,
  MAX_GROUPS,
  MAX_TOLD,
  MAX_WAITING,
  type GroupClears,
} from '../../../lib/gateway/group-clears.ts';
import { silentLogger } from '../../../lib/kernel/logger.ts';

const OWNER = { service: 's', origin: 'http://a.test' };
const names = (count: number, start = 'g'): string[] => Array.from({ length: count }, (_, i) => `${start}${i}`);
/** Lets all that is ready go on. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Scene {
  readonly clears: GroupClears;
  readonly written: ClearScope[];
  readonly warnings: string[];
  readonly lines: (object | undefined)[];
  readonly events: object[];
  fails: boolean;
  /** Appends wait for it. */
  hold: Promise<void> | undefined;
  advance(ms: number): Promise<void>;
}

/** On the real log in memory, with time by hand. */
function scene(): Scene {
  const log = createMemoryClears();
  let now = 0;
  const timers = new Set<{ at: number; run(): void }>();
  const written: ClearScope[] = [];
  const warnings: string[] = [];
  const lines: (object | undefined)[] = [];
  const events: object[] = [];
  const made: Scene = {
    written,
    warnings,
    lines,
    events,
    fails: false,
    hold: undefined,
    async advance(ms) {
      now += ms;
      for (const timer of [...timers]) {
        if (timer.at > now) continue;
        timers.delete(timer);
        timer.run();
      }
      await turn();
    },
    clears: createGroupClears({
      source: {
        async append(draft: ClearDraft) {
          await made.hold;
          if (made.fails) throw new Error('no disk');
          const record = await log.append(draft);
          if ('scope' in record) written.push(record.scope);
          return record;
        },
      },
      follower: { catchUp: () => Promise.resolve() },
      clock: { mono: () => now, wall: () => now },
      logger: {
        ...silentLogger,
        warn: (message) => warnings.push(message),
        info: (_message, fields) => lines.push(fields),
      },
      emit: (event) => events.push(event),
      after(ms, run) {
        const timer = { at: now + ms, run };
        timers.add(timer);
        return () => void timers.delete(timer);
      },
    }),
  };
  return made;
}

describe('clears of groups', () => {
  it('are of one origin within its service, each group once, and none that nothing can be in', async () => {
    const { clears, written } = scene();
    await clears.clear(OWNER, ['a', 'b', 'a', '', 'x'.repeat(257)]);
    expect(written).toEqual([
      { tag: 'a', service: 's', origin: 'http://a.test' },
      { tag: 'b', service: 's', origin: 'http://a.test' },
    ]);
    await clears.clear(OWNER, []);
    expect(written).toHaveLength(2);
  });

  it('are one of the origin past MAX_GROUPS', async () => {
    const { clears, written } = scene();
    await clears.clear(OWNER, names(MAX_GROUPS));
    expect(written).toHaveLength(MAX_GROUPS);
    await clears.clear(OWNER, names(MAX_GROUPS + 1));
    expect(written.slice(MAX_GROUPS)).toEqual([{ prefix: 'http://a.test/', service: 's' }]);
  });

  it('are written in a burst, then at their pace; the same one that waits is written once', async () => {
    const all = scene();
    for (const name of names(BURST + 2)) void all.clears.clear(OWNER, [name]);
    for (let n = 0; n < 10; n++) void all.clears.clear(OWNER, [`g${BURST + 1}`]);
    await turn();
    expect(all.written).toHaveLength(BURST);
    await all.advance(EVERY_MS - 1);
    expect(all.written).toHaveLength(BURST);
    await all.advance(1);
    expect(all.written).toHaveLength(BURST + 1);
    await all.advance(10 * EVERY_MS);
    expect(all.written).toHaveLength(BURST + 2);
  });

  it('that are asked for while the same one is being written are written again', async () => {
    const all = scene();
    const gate = Promise.withResolvers<void>();
    all.hold = gate.promise;
    const first = all.clears.clear(OWNER, ['a']);
    const second = all.clears.clear(OWNER, ['a']);
    gate.resolve();
    await Promise.all([first, second]);
    expect(all.written).toHaveLength(2);
  });

  it('widen where too many wait: to their origin, then to their service', async () => {
    const all = scene();
    const gate = Promise.withResolvers<void>();
    all.hold = gate.promise;
    // The first leaves at once; the others wait for it.
    for (const name of names(MAX_WAITING + 1)) void all.clears.clear(OWNER, [name]);
    for (const host of names(MAX_WAITING, 'h'))
      void all.clears.clear({ service: 's', origin: `http://${host}` }, ['x']);
    for (const name of names(5, 'late')) void all.clears.clear(OWNER, [name]);
    gate.resolve();
    await all.clears.close();
    const kinds = all.written.map((scope) => ['tag', 'prefix', 'service'].find((kind) => kind in scope));
    const count = (kind: string): number => kinds.filter((each) => each === kind).length;
    expect([count('tag'), count('prefix'), count('service')]).toEqual([MAX_WAITING + 1, MAX_WAITING, 1]);
  });

  it('are tried again until the log takes them, and who asked waits for one try alone', async () => {
    const all = scene();
    all.fails = true;
    await all.clears.clear(OWNER, ['a']);
    expect([all.written, all.warnings.length]).toEqual([[], 1]);
    await all.advance(1_000);
    expect(all.warnings).toHaveLength(1);
    all.fails = false;
    await all.advance(999);
    expect(all.written).toEqual([]);
    await all.advance(1);
    expect(all.written).toEqual([{ tag: 'a', service: 's', origin: 'http://a.test' }]);
  });

  it('let who asked go on after a while, and are written all the same', async () => {
    const all = scene();
    const gate = Promise.withResolvers<void>();
    all.hold = gate.promise;
    let over = false;
    const asked = all.clears.clear(OWNER, ['a']).then(() => (over = true));
    await all.advance(249);
    expect(over).toBe(false);
    await all.advance(1);
    await asked;
    gate.resolve();
    await turn();
    expect(all.written).toHaveLength(1);
  });

  it('are told once they are written: in one line and one event of an origin, with some of their names', async () => {
    const all = scene();
    all.fails = true;
    await all.clears.clear(OWNER, names(12));
    await turn();
    expect([all.lines, all.events, all.clears.count('s')]).toEqual([[], [], 0]);
    all.fails = false;
    await all.advance(1_000);
    const told = { service: 's', origin: 'http://a.test', groups: names(MAX_TOLD), clears: 12 };
    expect(all.lines).toEqual([told]);
    expect(all.events).toEqual([{ type: 'groups-cleared', ...told, at: 1_000 }]);
    expect([all.clears.count('s'), all.clears.count('other')]).toEqual([12, 0]);
    await all.clears.clear({ service: 't', origin: 'http://b.test' }, names(MAX_GROUPS + 1));
    await turn();
    expect(all.lines[1]).toEqual({ service: 't', origin: 'http://b.test', groups: [], clears: 1 });
  });

  it('are all written before it ends, and not for ever where they cannot be', async () => {
    const all = scene();
    for (const name of names(BURST + 20)) void all.clears.clear(OWNER, [name]);
    await all.clears.close();
    expect(all.written).toHaveLength(BURST + 20);
    const broken = scene();
    broken.fails = true;
    await broken.clears.clear(OWNER, ['a']);
    await broken.clears.close();
    expect(broken.written).toEqual([]);
  });
});
