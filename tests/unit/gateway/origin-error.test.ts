import { describe, expect, it } from 'vitest';
import { originError } from '../../../lib/gateway/origin-error.ts';
import { originHeaders, reasonPhrase } from '../../../lib/gateway/origin-headers.ts';

function coded(code: string, message = 'x', cause?: Error): Error {
  return Object.assign(new Error(message, { cause }), { code });
}
function named(name: string, message = 'x'): Error {
  return Object.assign(new Error(message), { name });
}

describe('originError', () => {
  it.each<[string, unknown, boolean, string]>([
    ['refused', coded('ECONNREFUSED'), false, 'origin_unreachable'],
    ['no name', coded('ENOTFOUND'), false, 'origin_unreachable'],
    ['connect time-out', coded('UND_ERR_CONNECT_TIMEOUT'), false, 'origin_unreachable'],
    ['all addresses refused', new AggregateError([coded('ECONNREFUSED')]), false, 'origin_unreachable'],
    ['no addresses', new AggregateError([]), false, 'origin_reset'],
    ['self-signed', coded('DEPTH_ZERO_SELF_SIGNED_CERT'), false, 'origin_unreachable'],
    ['wrong name', coded('ERR_TLS_CERT_ALTNAME_INVALID'), false, 'origin_unreachable'],
    ['head time-out', coded('UND_ERR_HEADERS_TIMEOUT'), false, 'origin_timeout'],
    ['huge head', coded('UND_ERR_HEADERS_OVERFLOW'), false, 'origin_invalid'],
    ['garbage', named('HTTPParserError'), false, 'origin_invalid'],
    ['garbage with a code', coded('HPE_INVALID_CONSTANT'), false, 'origin_invalid'],
    ['garbled body', named('HTTPParserError'), true, 'origin_truncated'],
    ['an upgrade', coded('UND_ERR_SOCKET', 'bad upgrade'), false, 'origin_invalid'],
    ['short body', coded('UND_ERR_RES_CONTENT_LENGTH_MISMATCH'), true, 'origin_truncated'],
    ['lengths at odds', coded('UND_ERR_RES_CONTENT_LENGTH_MISMATCH'), false, 'origin_invalid'],
    ['short upload', coded('UND_ERR_REQ_CONTENT_LENGTH_MISMATCH'), false, 'malformed_request'],
    ['reset', coded('ECONNRESET'), false, 'origin_reset'],
    ['reset within the body', coded('ECONNRESET'), true, 'origin_truncated'],
    ['the cause of a socket error', coded('UND_ERR_SOCKET', 'x', coded('ECONNREFUSED')), false, 'origin_unreachable'],
    ['a plain socket error', coded('UND_ERR_SOCKET', 'other side closed'), false, 'origin_reset'],
    ['no error at all', 'text', false, 'origin_reset'],
  ])('%s', (_, error, headReceived, code) => {
    const found = originError(error, headReceived);
    expect(found.code).toBe(code);
    expect(found.cause).toBe(error);
    expect(found.message).toMatch(/^[A-Z].*\.$/);
  });
});

describe('originHeaders', () => {
  it('reads bytes as Latin-1, and keeps what is end to end', () => {
    const raw = ['X-A', 'b', 'X-É', 'ü', 'Connection', 'X-Hop', 'X-Hop', '1', 'Set-Cookie', 'a', 'Set-Cookie', 'b'];
    const bytes = raw.map((text) => Buffer.from(text, 'latin1'));
    const kept = ['X-A', 'b', 'X-É', 'ü', 'Set-Cookie', 'a', 'Set-Cookie', 'b'];
    expect(originHeaders(bytes)).toEqual(kept);
    expect(originHeaders(raw)).toEqual(kept);
  });

  it('drops a length that chunks contradict', () => {
    expect(originHeaders(['Content-Length', '5', 'Transfer-Encoding', 'chunked'])).toEqual([]);
    expect(originHeaders(['content-length', '5'])).toEqual(['content-length', '5']);
  });

  it.each(['a\rb', 'a\nb', 'a\0b', 'a\x7fb', 'a\u{100}b'])('refuses %j', (value) => {
    expect(() => originHeaders(['X', value])).toThrow(expect.objectContaining({ code: 'origin_invalid' }));
  });

  it('replaces a reason phrase that cannot be sent on', () => {
    expect([reasonPhrase('Fine, é'), reasonPhrase('a\r\nb'), reasonPhrase(undefined)]).toEqual(['Fine, é', '', '']);
  });
});
