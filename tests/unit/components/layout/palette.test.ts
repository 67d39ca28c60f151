import fc from 'fast-check';
import { Search } from 'lucide-react';
import { describe, expect, test, vi } from 'vitest';
import { keyItems, placeItems, typedItems, type Item } from '@/components/layout/palette/items';
import { match } from '@/components/layout/palette/rank';
import { MAX_REMEMBERED, parseRecent, withRecent } from '@/components/layout/palette/recent';
import { MAX_RESULTS, firstLines, resultsFor } from '@/components/layout/palette/results';
import { keysOf, overviewOf } from '../../../support/console-scenarios';

const score = (query: string, title: string, more?: string) => match(query, title, more)?.score ?? -1;

describe('match', () => {
  test('ranks the start, then a word’s start, then within a word, then letter by letter', () => {
    const ranked = ['history of chats', 'chat history', 'prehistory', 'here is a story'];
    const scores = ranked.map((title) => score('his', title));
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(new Set(scores).size).toBe(4);
    expect(score('sm', 'Switch mode…')).toBeGreaterThan(0);
  });

  test('wants every word, in any order and case, in the title or beside it', () => {
    expect(score('MODE switch', 'Switch mode…')).toBeGreaterThan(60);
    expect(match('switch nothing', 'Switch mode…')).toBeNull();
    expect(score('purge', 'Clear tag…', 'purge delete')).toBeGreaterThan(0);
    expect(score('clear', 'Clear tag…')).toBeGreaterThan(score('purge', 'Clear tag…', 'purge delete'));
  });

  test('a shorter title comes first, one letter matches no scattered one, and too wide a spread is none', () => {
    expect(score('chat', 'chat')).toBeGreaterThan(score('chat', 'chat-history-of-everything'));
    expect(match('x', 'abc')).toBeNull();
    expect(match('zq', 'zebra antelope bison q')).not.toBeNull();
    expect(match('zq', 'zebraantelopebisonq')).not.toBeNull();
    expect(match('zeq', 'xzbraantxelopebisonq')).toBeNull();
  });

  test('hits are characters of the title that spell the query, and the score stays in its bounds', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.string({ maxLength: 6 }), (title, query) => {
        const found = match(query, title);
        if (found === null) return;
        const ascending = found.hits.every((hit, i) => hit < title.length && (i === 0 || hit > found.hits[i - 1]!));
        expect(ascending).toBe(true);
        expect(found.score).toBeGreaterThanOrEqual(0);
        expect(found.score).toBeLessThanOrEqual(100);
      }),
    );
  });

  test('every piece of a title finds it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z/:. -]{1,40}$/), fc.nat(), fc.nat(), (title, from, to) => {
        expect(match(title.slice(from % title.length, to % (title.length + 1)), title)).not.toBeNull();
      }),
    );
  });
});

const item = (id: string, kind: Item['kind'] = 'Command'): Item => ({
  id,
  kind,
  title: id,
  icon: Search,
  run: vi.fn(),
});
const ids = (groups: ReturnType<typeof resultsFor>) =>
  groups.map(({ label, lines }) => [label, lines.map((l) => l.item.id)]);

describe('results', () => {
  test('nothing typed: recent first and never twice, then by kind; what is gone is left out', () => {
    const items = [item('Pause'), item('Performance', 'Page'), item('chat', 'Service')];
    expect(ids(resultsFor(' ', items, [], ['chat', 'gone']))).toEqual([
      ['Recent', ['chat']],
      ['Pages', ['Performance']],
      ['Commands', ['Pause']],
    ]);
  });

  test('typed things first, and of two alike the one used lately', () => {
    const items = [item('theme: dark'), item('theme: dusk')];
    expect(ids(resultsFor('theme', items, [item('clear typed', 'Clear')], ['theme: dusk']))).toEqual([
      ['', ['clear typed', 'theme: dusk', 'theme: dark']],
    ]);
    expect(resultsFor('nothing like it', items, [], [])).toEqual([]);
    const path = [item('/api/me', 'Route')];
    expect(ids(resultsFor('/api/me', path, [item('clear typed', 'Clear')], []))).toEqual([
      ['', ['/api/me', 'clear typed']],
    ]);
  });

  test(`shows ${MAX_RESULTS} lines at most`, () => {
    const many = Array.from({ length: MAX_RESULTS + 1 }, (_, i) => item(`route ${i}`));
    expect(resultsFor('route', many, [], [])[0]?.lines).toHaveLength(MAX_RESULTS);
    expect(resultsFor('route', many.slice(1), [], [])[0]?.lines).toHaveLength(MAX_RESULTS);
    expect(resultsFor('route', many, [item('typed', 'Clear')], [])[0]?.lines).toHaveLength(MAX_RESULTS);
  });
});

test('the first lines are those of the first groups, and no empty group', () => {
  const groups = resultsFor('', [item('a', 'Page'), item('b'), item('c'), item('d', 'Route')], [], []);
  expect(ids(firstLines(groups, 2))).toEqual([
    ['Pages', ['a']],
    ['Commands', ['b']],
  ]);
  expect(ids(firstLines(groups, 9))).toEqual(ids(groups));
});

describe('recent', () => {
  test('the newest first, each once, at most so many', () => {
    let stored: string | null = null;
    for (let i = 0; i <= MAX_REMEMBERED; i += 1) stored = withRecent(parseRecent(stored), String(i));
    expect(parseRecent(stored)).toHaveLength(MAX_REMEMBERED);
    expect(parseRecent(withRecent(parseRecent(stored), '5')).slice(0, 2)).toEqual(['5', '20']);
  });

  test('what anybody else wrote there is nothing', () => {
    for (const odd of [null, '', '{', '{}', '[1,null]', '"a"']) expect(parseRecent(odd)).toEqual([]);
  });
});

describe('places', () => {
  const world = { scenario: 'busy', modes: new Map(), traffic: true } as const;
  const doors = () => ({ show: vi.fn(), clear: vi.fn() });

  test('services and routes open there; a URL offers to be cleared', () => {
    const to = doors();
    const items = placeItems(overviewOf(world, 'all', '5m', 1_764_000_000_000), to);
    items.find(({ id }) => id === 'service search')?.run();
    expect(to.show).toHaveBeenCalledWith(expect.objectContaining({ service: 'search' }));
    items.find(({ title }) => title === '/api/me')?.run();
    expect(to.show).toHaveBeenLastCalledWith(expect.objectContaining({ service: 'chat' }));
    const urls = keyItems(keysOf(0).rows, to);
    urls[0]?.run();
    expect(to.clear).toHaveBeenCalledWith({ kind: 'key', text: urls[0]?.title, service: '' });
  });

  test('keys of one URL are one line, and those without a URL none', () => {
    const [row] = keysOf(0).rows;
    const rows = [row!, { ...row!, key: 'HEAD' }, { ...row!, url: null }];
    expect(keyItems(rows, doors())).toHaveLength(1);
  });

  test('what is typed is offered to be cleared: a URL, a tag, a prefix, a path of the gateway', () => {
    const to = doors();
    const typed = (text: string) => {
      const [first] = typedItems(text, 'http://127.0.0.1:8080', to);
      first?.run();
      return first === undefined ? undefined : (to.clear.mock.lastCall?.[0] as unknown);
    };
    expect(typed('tag:chat:42')).toEqual({ kind: 'tag', text: 'chat:42', service: '' });
    expect(typed('/a?b')).toEqual({ kind: 'key', text: 'http://127.0.0.1:8080/a?b', service: '' });
    expect(typed('prefix:http://a/b')).toEqual({ kind: 'prefix', text: 'http://a/b', service: '' });
    expect(typed('https://a.b')).toEqual({ kind: 'key', text: 'https://a.b/', service: '' });
    expect(typed('http://a/*.js')).toEqual({ kind: 'glob', text: 'http://a/*.js', service: '' });
    for (const nothing of ['', 'tag:', 'prefix:/a', 'chat', `tag:${'x'.repeat(257)}`])
      expect(typed(nothing)).toBeUndefined();
  });
});
