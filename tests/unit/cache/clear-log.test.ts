import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClearLog, type Clearable } from '../../../lib/cache/clear-log.ts';
import { createMemoryClears } from '../../../lib/cache/clear-sources/memory.ts';
import type { ClearMode, ClearScope } from '../../../lib/cache/clear-record.ts';
import { MAX_FOLDED_SERVICES } from '../../../lib/cache/clear-book.ts';
import { clearable, finish } from '../../suites/clear-source.ts';

const URL_A = 'http://a/x?q';

function setup(names = 100, patterns = 100, storedAs?: (url: string) => string) {
  const source = createMemoryClears({ names, patterns });
  const log = createClearLog({ maxNames: names, maxPatterns: patterns, ...(storedAs && { storedAs }) });
  return {
    log,
    source,
    async clear(scope: ClearScope, mode: ClearMode = 'hard') {
      const { id } = await source.append({ scope, mode });
      finish(log.apply(await source.since(log.head)));
      return id;
    },
    async undo(id: string) {
      await source.append({ voids: id });
      finish(log.apply(await source.since(log.head)));
    },
  };
}
const entry = (clearNumber = 0, tags: string[] = ['t'], service = 's'): Clearable =>
  clearable(URL_A, clearNumber, tags, service);

describe('clear log', () => {
  it('starts at 0 with everything live', () => {
    const { log } = setup();
    expect([log.head, log.id, log.folded, log.verdict(entry())]).toEqual([0, '', 0, 'live']);
    expect(log.overtakes(URL_A, 0)).toBe(false);
  });

  it.each<[ClearScope, ClearScope]>([
    [{ key: URL_A }, { key: 'http://a/x' }],
    [{ tag: 't' }, { tag: 'T' }],
    [
      { tag: 't', service: 's' },
      { tag: 't', service: 'o' },
    ],
    ...['http://b', 'http://a:81', 'https://a', 'http://a/x', 'http://'].map((origin): [ClearScope, ClearScope] => [
      { tag: 't', service: 's', origin: 'http://a' },
      { tag: 't', service: 's', origin },
    ]),
    [
      { tag: 't', origin: 'http://a' },
      { tag: 't', service: 'o', origin: 'http://a' },
    ],
    [{ prefix: 'http://a/x' }, { prefix: 'http://a/y' }],
    [
      { prefix: 'http://a/', service: 's' },
      { prefix: 'http://a/', service: 'o' },
    ],
    [{ glob: 'http://*/x?*' }, { glob: 'http://*/y*' }],
    [
      { glob: '*q', service: 's' },
      { glob: '*q', service: 'o' },
    ],
    [{ service: 's' }, { service: 'o' }],
  ])('clears by %j, not by %j, and no later entry', async (scope, other) => {
    for (const mode of ['soft', 'hard'] as const) {
      const { log, clear, undo } = setup();
      await clear(other, mode);
      expect(log.verdict(entry())).toBe('live');
      const id = await clear(scope, mode);
      expect(log.verdict(entry())).toBe(mode);
      expect(log.verdict(entry(1))).toBe(mode);
      expect(log.verdict(entry(2))).toBe('live');
      expect(log.overtakes(URL_A, 1)).toBe(true);
      await undo(id);
      expect(log.verdict(entry())).toBe('live');
      await clear(scope, mode);
      expect(log.verdict(entry(3))).toBe(mode);
    }
  });

  it('lets hard win, in either order, and brings back what another clear does not match', async () => {
    const { log, clear, undo } = setup();
    const first = await clear({ all: true }, 'soft');
    const second = await clear({ prefix: 'http://' }, 'hard');
    await clear({ tag: 't' }, 'soft');
    expect(log.verdict(entry())).toBe('hard');
    await undo(second);
    expect(log.verdict(entry())).toBe('soft');
    await undo(first);
    expect([log.verdict(entry()), log.verdict(entry(0, []))]).toEqual(['soft', 'live']);
  });

  it('notes how far an entry was found live, and looks only further', async () => {
    const { log, clear } = setup();
    await clear({ key: 'http://other/' });
    const live = entry();
    expect([log.verdict(live), live.tested]).toEqual(['live', 1]);
    await clear({ key: URL_A });
    expect([log.verdict(live), live.tested]).toEqual(['hard', 1]);
  });

  it('takes an entry from an instance that knows more for stale, until it knows as much', async () => {
    const { log, clear } = setup();
    const ahead = entry(1);
    expect(log.verdict(ahead)).toBe('soft');
    await clear({ key: URL_A });
    expect(log.verdict(ahead)).toBe('live');
  });

  it('folds past its bounds, in the mode of what it folds, and says so', async () => {
    const { log, clear } = setup(2, 1);
    await clear({ key: 'http://secret/' }, 'hard');
    await clear({ tag: 'a', service: 'o' }, 'soft');
    expect([log.folded, log.verdict(entry())]).toEqual([0, 'live']);
    const hot = entry();
    log.verdict(hot);
    await clear({ tag: 'b' }, 'soft');
    expect([log.folded, log.verdict(entry()), log.verdict(entry(1))]).toEqual([1, 'hard', 'live']);
    expect(log.verdict(hot)).toBe('live');
    expect(log.overtakes('http://any/', 0)).toBe(true);
    await clear({ tag: 'c' }, 'soft');
    expect([log.verdict(entry(1, [], 'o')), log.verdict(entry(1, [], 's'))]).toEqual(['soft', 'live']);
    await clear({ prefix: 'http://p' });
    await clear({ prefix: 'http://q' });
    expect([log.folded, log.verdict(entry(1)), log.verdict(entry(5))]).toEqual([3, 'hard', 'live']);
  });

  it('folds into a clear of everything past the bound of services', async () => {
    const { log, clear } = setup(1, 1);
    for (let i = 0; i <= MAX_FOLDED_SERVICES; i++) await clear({ tag: 'x', service: `s${i}` }, 'soft');
    expect(log.verdict(entry())).toBe('live');
    await clear({ all: true }, 'soft');
    expect(log.verdict(entry(MAX_FOLDED_SERVICES))).toBe('soft');
  });

  it('applies what it knows once, and asks for the whole log where something is left out', async () => {
    const { log, source, clear } = setup();
    await clear({ key: 'a' });
    await source.append({ scope: { key: 'b' }, mode: 'hard' });
    await source.append({ scope: { key: URL_A }, mode: 'soft' });
    const news = await source.since(1);
    expect(log.continues(news)).toBe(true);
    expect(log.continues({ ...news, records: news.records.slice(1) })).toBe(false);
    expect(log.continues({ ...news, head: { number: 1, id: 'other' }, records: [] })).toBe(false);
    expect(log.continues({ ...news, head: { number: 0, id: '' }, records: [] })).toBe(false);
    finish(log.apply(await source.since(0)));
    finish(log.apply(news));
    expect([log.head, log.verdict(entry())]).toEqual([3, 'soft']);
    finish(log.replace({ head: { number: 9, id: 'j' }, folded: [], records: [] }));
    expect([log.head, log.id, log.verdict(entry())]).toEqual([9, 'j', 'live']);
  });

  it('remembers a soft verdict until the log changes', async () => {
    const { log, source, clear, undo } = setup();
    let looks = 0;
    const held: Clearable = {
      ...entry(),
      get tags() {
        looks++;
        return ['t'];
      },
    };
    const judge = (): unknown[] => {
      looks = 0;
      return [log.verdict(held), looks];
    };
    const first = await clear({ tag: 't' }, 'soft');
    expect([judge(), judge()]).toEqual([
      ['soft', 1],
      ['soft', 0],
    ]);
    finish(log.apply(await source.since(log.head)));
    expect(judge()).toEqual(['soft', 0]);
    const second = await clear({ tag: 't' }, 'hard');
    expect([judge(), judge()]).toEqual([
      ['hard', 1],
      ['hard', 1],
    ]);
    await undo(second);
    expect([judge(), judge()]).toEqual([
      ['soft', 1],
      ['soft', 0],
    ]);
    finish(log.replace(await source.since(0)));
    expect(judge()).toEqual(['soft', 1]);
    await undo(first);
    expect([judge(), held.tested]).toEqual([['live', 1], log.head]);
  });

  it('takes globs that would take too long to try for matching, in the strongest mode among them', async () => {
    const long = `http://a/${'a'.repeat(60_000)}`;
    const slow: ClearScope = { glob: `http://*b${'a'.repeat(70)}*` };
    const verdicts = async (tried: number, hard: ClearScope): Promise<unknown[]> => {
      const { log, clear } = setup();
      await clear(hard);
      for (let i = 0; i < tried; i++) await clear(slow, 'soft');
      return [log.verdict(clearable(long, 0)), log.verdict(clearable(long, 1)), log.overtakes(long, 0)];
    };
    const never = `http://*c${'a'.repeat(70)}*`;
    expect(await verdicts(30, { glob: never })).toEqual(['live', 'live', false]);
    expect(await verdicts(40, { glob: never })).toEqual(['hard', 'soft', true]);
    expect(await verdicts(40, { glob: never, service: 'o' })).toEqual(['soft', 'soft', true]);
    expect(await verdicts(40, { glob: 'https://*' })).toEqual(['soft', 'soft', true]);
    expect(await verdicts(40, { prefix: 'http://b' })).toEqual(['soft', 'soft', true]);
  });

  it('is what trying every clear would say, whatever was cleared and undone', async () => {
    const text = (most: number) => fc.string({ unit: fc.constantFrom('a', 'b', '/'), minLength: 1, maxLength: most });
    const service = fc.constantFrom(undefined, 's', 'o');
    const step = fc.record({
      text: fc.oneof(
        text(4),
        fc.array(fc.oneof(text(6), fc.constant('*')), { minLength: 1, maxLength: 5 }).map((parts) => parts.join('')),
      ),
      service,
      mode: fc.constantFrom('soft' as const, 'hard' as const),
      undone: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.array(text(12), { maxLength: 4 }), async (steps, urls) => {
        const { log, clear, undo } = setup();
        const kept: { number: number; pattern: RegExp; service: string | undefined; mode: ClearMode }[] = [];
        for (const { text, service: named, mode, undone } of steps) {
          const isGlob = text.includes('*');
          const of = named === undefined ? {} : { service: named };
          const id = await clear(isGlob ? { glob: text, ...of } : { prefix: text, ...of }, mode);
          const number = log.head;
          if (undone) await undo(id);
          else {
            const pattern = new RegExp(`^${text.replaceAll('*', '.*')}${isGlob ? '$' : ''}`);
            kept.push({ number, pattern, service: named, mode });
          }
        }
        for (const url of urls) {
          for (const number of [0, Math.floor(log.head / 2)]) {
            const modes = kept
              .filter((each) => each.number > number && each.pattern.test(url))
              .filter((each) => each.service === undefined || each.service === 's')
              .map(({ mode }) => mode);
            const expected = modes.includes('hard') ? 'hard' : modes.includes('soft') ? 'soft' : 'live';
            expect(log.verdict(clearable(url, number))).toBe(expected);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('clears what a URL is stored under, as well as the URL itself', async () => {
    const { log, clear, undo } = setup(100, 100, () => URL_A);
    const id = await clear({ key: 'http://a/x?q&dropped' }, 'soft');
    expect([log.verdict(entry()), log.clearing(entry())?.number, log.overtakes(URL_A, 0)]).toEqual(['soft', 1, true]);
    expect(log.verdict(clearable('http://a/x?q&dropped', 0, [], 's'))).toBe('soft');
    await clear({ key: URL_A }, 'hard');
    expect(log.verdict(entry())).toBe('hard');
    await undo(id);
    expect([log.verdict(entry()), log.verdict(entry(2))]).toEqual(['hard', 'live']);
  });

  it('says which answers under way a clear may concern', async () => {
    const { log, clear } = setup();
    await clear({ glob: '*/x*' });
    await clear({ prefix: 'http://b/' });
    expect([log.overtakes(URL_A, 0), log.overtakes(URL_A, 1)]).toEqual([true, false]);
    await clear({ key: URL_A });
    await clear({ key: 'http://c/' });
    expect([log.overtakes(URL_A, 2), log.overtakes(URL_A, 3)]).toEqual([true, false]);
    await clear({ tag: 'of another page, for all one knows' });
    expect([log.overtakes(URL_A, 4), log.overtakes(URL_A, 5)]).toEqual([true, false]);
  });
});
