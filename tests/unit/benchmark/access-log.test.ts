import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAccessLineParser, parseTimestamp, type AccessLine } from '../../../lib/benchmark/access-log.ts';

function parse(text: string): AccessLine {
  const parsed = createAccessLineParser()(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.line;
}
function reason(text: string): string {
  const parsed = createAccessLineParser()(text);
  if (parsed.ok) throw new Error('parsed');
  return parsed.reason;
}
const withRequest = (request: string): string => `::1 - - [17/May/2015:10:05:03 +0000] "${request}" 200 5`;

describe('access log line', () => {
  it('parses the combined format', () => {
    expect(
      parse(
        '83.149.9.216 - bob [17/May/2015:10:05:03 +0200] "GET /a?b=1 HTTP/1.1" 200 203023 "http://x.org/" "Mozilla/5.0 (X11)"',
      ),
    ).toEqual({
      at: Date.UTC(2015, 4, 17, 8, 5, 3),
      client: '83.149.9.216',
      method: 'GET',
      path: '/a?b=1',
      status: 200,
      bytes: 203_023,
      referer: 'http://x.org/',
      userAgent: 'Mozilla/5.0 (X11)',
    });
  });

  it('parses the common format, IPv6, and "-" fields', () => {
    const line = parse('2001:db8::1 - - [17/May/2015:10:05:03 -0730] "HEAD / HTTP/1.0" 304 -');
    expect(line).toEqual({
      at: Date.UTC(2015, 4, 17, 17, 35, 3),
      client: '2001:db8::1',
      method: 'HEAD',
      path: '/',
      status: 304,
      bytes: 0,
    });
    const combined = parse('h - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.0" 200 1 "-" "-"');
    expect(combined).not.toHaveProperty('referer');
    expect(combined).not.toHaveProperty('userAgent');
  });

  it('ignores what follows the combined format, and takes a referer without a user agent', () => {
    const line = parse('h - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "http://r/" "ua" "10.0.0.1" 0.003');
    expect(line.userAgent).toBe('ua');
    const half = parse('h - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "http://r/" "ua');
    expect(half.referer).toBe('http://r/');
    expect(half).not.toHaveProperty('userAgent');
    expect(parse('h - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 0.003')).not.toHaveProperty('referer');
  });

  it.each([
    ['GET /a HTTP/2.0', 'GET', '/a'],
    ['GET /a', 'GET', '/a'],
    ['PROPFIND /dav HTTP/1.1', 'PROPFIND', '/dav'],
    ['GET http://example.com:8080/x?y=1 HTTP/1.1', 'GET', '/x?y=1'],
    ['GET http://example.com HTTP/1.1', 'GET', '/'],
    ['GET HTTP://example.com?q HTTP/1.1', 'GET', '/?q'],
    ['GET /a b HTTP/1.1', 'GET', '/a%20b'],
    ['GET /caf\\xc3\\xa9 HTTP/1.1', 'GET', '/caf%C3%A9'],
    ['GET /say/\\"hi\\" HTTP/1.1', 'GET', '/say/%22hi%22'],
    ['GET /back\\\\slash#frag HTTP/1.1', 'GET', '/back%5Cslash%23frag'],
    ['GET /tab\\there HTTP/1.1', 'GET', '/tab%09here'],
    ['GET /snow☃ HTTP/1.1', 'GET', '/snow%E2%98%83'],
    ['GET /\ud800 HTTP/1.1', 'GET', '/%EF%BF%BD'],
    ["GET /ok!$&'()*+,;=:@[]_~%41-.?x=/ HTTP/1.1", 'GET', "/ok!$&'()*+,;=:@[]_~%41-.?x=/"],
  ])('reads %s', (request, method, path) => {
    expect(parse(withRequest(request))).toMatchObject({ method, path });
  });

  it.each([
    ['', 'empty line'],
    ['   ', 'empty line'],
    ['word', 'no client address'],
    ['a b c', 'no [timestamp]'],
    ['a - - [now', 'no [timestamp]'],
    ['a - - [now] "GET / HTTP/1.1" 200 1', 'timestamp not understood'],
    ['a - - [17/May/2015:10:05:03 +0000] GET / 200 1', 'no "request"'],
    ['a - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1\\" 200 1', 'no "request"'],
    [withRequest('-'), 'no request was made ("-")'],
    [withRequest(''), 'no request was made ("-")'],
    [withRequest('\\x16\\x03'), 'not an HTTP request'],
    [withRequest('GET'), 'a request without a path'],
    [withRequest('CONNECT example.com:443 HTTP/1.1'), 'a target that is no path'],
    [withRequest('OPTIONS * HTTP/1.1'), 'a target that is no path'],
    ['a - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1"', 'no status and size'],
    ['a - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 999 1', 'no status and size'],
    ['a - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1x', 'no status and size'],
  ])('refuses %j with its reason', (text, why) => {
    expect(reason(text)).toBe(why);
  });

  it('never throws, whatever the line, and gives only paths that may be sent', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom(
        '"',
        '\\',
        '\\"',
        '\\x',
        '\\x4',
        '[',
        ']',
        ' ',
        '-',
        ' - - [17/May/2015:10:05:03 +0000] "',
        '" 200 5 "',
      ),
      fc.constantFrom('GET ', ' HTTP/1.1', 'http://', '/', '%', '#', '\ud800', '\u0000', 'é'),
    );
    const parser = createAccessLineParser();
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.boolean(), (pieces, wrapped) => {
        const text = pieces.join('');
        const parsed = parser(wrapped ? withRequest(`GET /${text} HTTP/1.1`) : text);
        if (!parsed.ok) {
          expect(parsed.reason).not.toBe('');
          return;
        }
        expect(parsed.line.path).toMatch(/^\/[!-~]*$/);
        expect(parsed.line.path).not.toMatch(/["\\#<>^`{|}]/);
        expect(Number.isFinite(parsed.line.at)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives back what was written', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date('2099-01-01'), noInvalidDate: true }),
        fc.integer({ min: 100, max: 599 }),
        fc.nat(),
        fc.string({ unit: fc.constantFrom('a', 'Z', '/', '?', '=', '%41', '"', '\\'), maxLength: 20 }),
        (date, status, bytes, agent) => {
          const seconds = Math.floor(date.getTime() / 1_000) * 1_000;
          const month = date.toUTCString().slice(8, 11);
          const iso = date.toISOString();
          const stamp = `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
          const escaped = agent.replace(/[\\"]/g, '\\$&');
          const line = parse(`h - - [${stamp}] "GET /x HTTP/1.1" ${status} ${bytes} "-" "${escaped}"`);
          expect(line).toMatchObject({ at: seconds, status, bytes });
          expect(line.userAgent).toBe(agent === '' || agent === '-' ? undefined : agent);
        },
      ),
    );
  });
});

describe('timestamp', () => {
  it.each([
    ['29/Feb/2024:23:59:59 +0000', Date.UTC(2024, 1, 29, 23, 59, 59)],
    ['1/jan/2024:00:00:00', Date.UTC(2024, 0, 1)],
    ['01/Jan/2024:00:00:00.25 +0000', Date.UTC(2024, 0, 1) + 250],
    ['01/Jan/2024:00:00:00 +01:00', Date.UTC(2023, 11, 31, 23)],
    ['2024-01-01T00:00:00+00:00', Date.UTC(2024, 0, 1)],
    ['30/Jun/2015:23:59:60 +0000', Date.UTC(2015, 6, 1)],
  ])('reads %s', (text, at) => {
    expect(parseTimestamp(text)).toBe(at);
  });

  it.each([
    '30/Feb/2024:00:00:00 +0000',
    '01/Foo/2024:00:00:00 +0000',
    '01/Jan/2024:24:00:00 +0000',
    '01/Jan/2024:00:60:00 +0000',
    '2024-13-01T00:00:00Z',
    'yesterday',
  ])('refuses %s', (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });
});
