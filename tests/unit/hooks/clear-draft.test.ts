import { expect, test } from 'vitest';
import { draftOf, scopeOf, scopeWords, type ClearKind } from '@/hooks/clear-draft';

const of = (kind: ClearKind, text: string, service = '') => scopeOf({ kind, text, service });

test('a draft becomes the scope that the API takes', () => {
  expect(of('key', ' http://a/b ')).toEqual({ scope: { key: 'http://a/b' } });
  expect(of('key', 'http://a/b', 'chat')).toEqual({ scope: { key: 'http://a/b' } }); // a URL has no service beside it
  expect(of('tag', 'chat:42')).toEqual({ scope: { tag: 'chat:42' } });
  expect(of('tag', 'chat:42', 'chat')).toEqual({ scope: { tag: 'chat:42', service: 'chat' } });
  expect(of('prefix', 'http://a/b', 'chat')).toEqual({ scope: { prefix: 'http://a/b', service: 'chat' } });
  expect(of('glob', 'http://*/b')).toEqual({ scope: { glob: 'http://*/b' } });
  expect(of('service', 'chat', 'other')).toEqual({ scope: { service: 'chat' } });
  expect(of('all', 'whatever')).toEqual({ scope: { all: true } });
});

test('what the API would refuse is said before, with an example', () => {
  expect(of('key', '/a')).toEqual({ wrong: expect.stringContaining('http://shop.example') as string });
  expect(of('tag', ' ')).toEqual({ wrong: expect.stringContaining('chat:42') as string });
  expect(of('tag', 'x'.repeat(256))).toHaveProperty('scope');
  expect(of('tag', 'x'.repeat(257))).toHaveProperty('wrong');
  expect(of('glob', 'http://a/b')).toHaveProperty('wrong');
  expect(of('glob', `http://a/${'*'.repeat(17)}`)).toHaveProperty('wrong');
  expect(of('service', '')).toHaveProperty('wrong');
});

test('every scope has a name in a sentence', () => {
  expect(scopeWords({ all: true })).toBe('everything');
  expect(scopeWords({ key: 'http://a/b' })).toBe('http://a/b');
  expect(scopeWords({ tag: 'a', service: 's' })).toBe('tag a of s');
  expect(scopeWords({ prefix: 'http://a/' })).toBe('every URL from http://a/');
  expect(scopeWords({ glob: 'http://*/' })).toBe('every URL like http://*/');
  expect(scopeWords({ service: 's' })).toBe('service s');
});

test('typed text names something to clear, or nothing', () => {
  expect(draftOf('TAG: a b')).toEqual({ kind: 'tag', text: 'a b', service: '' });
  expect(draftOf('http://a')).toEqual({ kind: 'key', text: 'http://a/', service: '' });
  for (const none of ['', 'tag:', 'ftp://a/b', 'http://', 'http://a b']) expect(draftOf(none)).toBeNull();
});
