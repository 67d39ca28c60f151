import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHost, parseTarget } from '../../../lib/dedup/request-target.ts';
import { isPitwallError } from '../../../lib/kernel/errors.ts';

function codeOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return isPitwallError(error) ? error.code : `not ours: ${String(error)}`;
  }
  return 'nothing thrown';
}

function target(raw: string): string {
  const { path, query } = parseTarget(raw, 1_000);
  return `${path} ${query}`;
}

describe('parseTarget', () => {
  it.each([
    ['/', '/ '],
    ['/a/b.html', '/a/b.html '],
    ['/a?b=c&d', '/a ?b=c&d'],
    ['/a?', '/a ?'],
    ['/a?b?c', '/a ?b?c'],
    ['//a//b', '//a//b '],
    ['/.well-known/x', '/.well-known/x '],
    ['/a/...', '/a/... '],
    ['/a?x=/../..', '/a ?x=/../..'],
    ['/a;v=1/b,c', '/a;v=1/b,c '],
  ])('leaves %s alone', (raw, expected) => {
    expect(target(raw)).toBe(expected);
  });

  it.each([
    ['/a/./b', '/a/b '],
    ['/a/../b', '/b '],
    ['/a/..', '/ '],
    ['/a/b/.', '/a/b/ '],
    ['/a/b/..?q', '/a/ ?q'],
    ['/a//../b', '/a/b '],
    ['/a/%2e%2E/b', '/b '],
    ['/a/%2e/b', '/a/b '],
    ['/%7euser/%41', '/~user/A '],
    ['/%e4%c3%BC', '/%E4%C3%BC '],
    ['/a%2fb', '/a%2Fb '],
    ['/a?x=%2e%2e%2f%61%20', '/a ?x=..%2Fa%20'],
    ['/a/x%2F..%2Fb', '/a/x%2F..%2Fb '],
  ])('normalises %s (RFC 3986 sections 5.2.4 and 6.2.2)', (raw, expected) => {
    expect(target(raw)).toBe(expected);
  });

  it.each([
    ['', 'invalid_url'],
    ['a', 'invalid_url'],
    ['*', 'invalid_url'],
    ['http://a/b', 'invalid_url'],
    ['/a b', 'invalid_url'],
    ['/a\\b', 'invalid_url'],
    ['/a#b', 'invalid_url'],
    ['/a?b#c', 'invalid_url'],
    ['/a\tb', 'invalid_url'],
    ['/a\x7f', 'invalid_url'],
    ['/\0', 'invalid_url'],
    ['/é', 'invalid_url'],
    ['/a?é', 'invalid_url'],
    ['/%', 'invalid_url'],
    ['/%4', 'invalid_url'],
    ['/%zz', 'invalid_url'],
    ['/a?b=%g0', 'invalid_url'],
    ['/%00', 'invalid_url'],
    ['/a?b=%00', 'invalid_url'],
    ['/..', 'path_traversal'],
    ['/../a', 'path_traversal'],
    ['/a/../../b', 'path_traversal'],
    ['/%2e%2e/a', 'path_traversal'],
    ['/.%2E/a', 'path_traversal'],
    ['/./../a', 'path_traversal'],
    ['/a/..%2f..%2fetc/passwd', 'path_traversal'],
    ['/..%5c..%5cetc', 'path_traversal'],
  ])('refuses %j with %s', (raw, code) => {
    expect(codeOf(() => parseTarget(raw, 1_000))).toBe(code);
  });

  it('counts the length as sent', () => {
    expect(parseTarget('/abc', 4).path).toBe('/abc');
    expect(codeOf(() => parseTarget('/abcd', 4))).toBe('url_too_long');
  });

  const part = fc.constantFrom('/', '/', '.', '..', 'a', 'B', '%2e', '%2E', '%2f', '%7E', '%c3', '?', '=', '//', '~');

  it('changes nothing the second time, and never leaves a dot segment', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const raw = `/${parts.join('')}`;
        if (codeOf(() => parseTarget(raw, 1_000)) === 'path_traversal') return;
        const once = parseTarget(raw, 1_000);
        expect(parseTarget(once.path + once.query, 1_000)).toEqual(once);
        expect(once.path.split('/')).not.toContain('..');
        expect(once.path.split('/')).not.toContain('.');
        expect(once.query === '' || once.query.startsWith('?')).toBe(true);
      }),
    );
  });

  it('resolves as the URL standard does, where both take the path', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('/', '/a', '/.', '/..', '/b.c', '/%2e', '//'), { maxLength: 8 }),
        (parts) => {
          const raw = `/x${parts.join('')}`;
          if (codeOf(() => parseTarget(raw, 1_000)) === 'path_traversal') return;
          expect(parseTarget(raw, 1_000).path).toBe(new URL(`http://h${raw}`).pathname);
        },
      ),
    );
  });

  it('throws nothing but its three codes, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const code = codeOf(() => parseTarget(`/${text}`, 20));
        expect(['nothing thrown', 'invalid_url', 'url_too_long', 'path_traversal']).toContain(code);
      }),
    );
  });
});

describe('parseHost', () => {
  it.each([
    ['example.com', 'example.com'],
    ['Example.COM', 'example.com'],
    ['example.com:80', 'example.com'],
    ['example.com:', 'example.com'],
    ['example.com:0080', 'example.com'],
    ['example.com:8080', 'example.com:8080'],
    ['127.0.0.1:65535', '127.0.0.1:65535'],
    ['my_service', 'my_service'],
    ['[::1]', '[::1]'],
    ['[FE80::A]:443', '[fe80::a]:443'],
    ['[::ffff:1.2.3.4]', '[::ffff:1.2.3.4]'],
  ])('takes %s as %s', (raw, expected) => {
    expect(parseHost(raw)).toBe(expected);
  });

  it.each([
    undefined,
    '',
    ' ',
    'a b',
    ' a',
    'user@a',
    'a/b',
    'a?b',
    'a#b',
    'a\\b',
    'a,b',
    'a:b',
    'a:0',
    'a:65536',
    'a:123456',
    'a:-1',
    ':80',
    '::1',
    '[::1',
    '[]',
    '[1.2.3.4]',
    '[::g]',
    '[fe80::1%25eth0]',
    '[::1]x',
    'é.example',
    'a\n',
    'a\0',
  ])('refuses %j', (raw) => {
    expect(codeOf(() => parseHost(raw))).toBe('invalid_host');
  });
});
