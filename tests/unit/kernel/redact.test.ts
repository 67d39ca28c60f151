import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../lib/kernel/redact.ts';

const { isSecret: isSecretName, value: redact, text: redactText, url: redactUrl } = createRedactor();
const SECRET = 'hunter2-Zq8';

const names = fc.constantFrom(
  'password',
  'newPassword',
  'secret',
  'client_secret',
  'token',
  'access-token',
  'Authorization',
  'Cookie',
  'set-cookie',
  'apiKey',
  'X-API-Key',
  'privateKey',
  'keyMaterial',
  'credentials',
);

/** A value with the secret somewhere inside. */
const deep = fc
  .array(fc.tuple(fc.constantFrom('object', 'list', 'map', 'set'), fc.string({ maxLength: 5 })), { maxLength: 40 })
  .chain((layers) =>
    fc
      .tuple(
        names,
        fc.constantFrom<unknown>(
          SECRET,
          [SECRET],
          { value: SECRET },
          { inner: [{ deeper: SECRET }] },
          new Map([['a', SECRET]]),
          Buffer.from(SECRET),
        ),
        fc.constantFrom('key', 'pair', 'flat', 'url', 'text', 'query', 'named', 'pem'),
      )
      .map(([name, value, how]) => {
        const cores: Record<string, unknown> = {
          key: { [name]: value },
          pair: { headers: [[`X-${name}`, SECRET]] },
          flat: ['accept', '*/*', `X-${name}`, SECRET],
          url: { upstream: `https://user:${SECRET}@shop.test/x`, other: new URL(`redis://:${SECRET}@shop.test`) },
          text: `it sent Authorization: Bearer ${SECRET}; and was refused`,
          query: `https://shop.test/a?page=2&${name}=${SECRET}#x`,
          named: { name, value: SECRET },
          pem: `x -----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY----- y`,
        };
        return layers.reduce<unknown>((inner, [layer, key]) => {
          if (layer === 'list') return [1, inner];
          if (layer === 'set') return new Set([inner]);
          return layer === 'map' ? new Map([[key, inner]]) : { [key]: inner, after: true };
        }, cores[how]);
      }),
  );

describe('redact', () => {
  it('lets no secret out, at whatever depth', () => {
    fc.assert(
      fc.property(deep, (value) => {
        expect(JSON.stringify(redact(value))).not.toContain(SECRET);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the rest as it is', () => {
    const value = {
      mode: 'observe',
      scope: { prefix: 'https://shop.test/a?page=2&sort=up' },
      list: [1, 'two', null, true, { x: 1.5 }],
      tokenId: 'abc',
      keys: ['GET https://shop.test/a'],
      token: null,
      cookie: false,
      e: 'mail a@shop.test at 10:30, path=/x',
    };
    expect(redact(value)).toEqual(value);
  });

  it('takes JSON that is stored as it is, or a part of it', () => {
    fc.assert(
      fc.property(
        fc.anything({ withDate: true, withMap: true, withSet: true, withTypedArray: true, withBigInt: true }),
        (value) => {
          const text = JSON.stringify(redact(value));
          expect(Buffer.byteLength(text)).toBeLessThanOrEqual(8_192);
        },
      ),
    );
  });

  it('says how much it left out of what is too long', () => {
    expect(redact('x'.repeat(9_000))).toEqual({ truncated: true, bytes: 9_002 });
    expect(redact({ list: Array.from({ length: 3_000 }, (_, n) => n) })).toEqual({ truncated: true, bytes: 13_900 });
    expect(redact(Array.from({ length: 10_000 }, () => 1))).toEqual({ truncated: true, bytes: 20_001 });
    expect(redact('ü'.repeat(5_000))).toEqual({ truncated: true, bytes: 10_002 });
    expect(redact({ a: 1n, list: 'x'.repeat(9_000) })).toEqual({ truncated: true, bytes: 0 });
  });

  it('takes what JSON has no word for', () => {
    const loop: Record<string, unknown> = { a: 1 };
    loop.self = loop;
    expect(redact(loop)).toEqual({ a: 1, self: '[circular]' });
    const thrower = {
      get a(): string {
        throw new Error('no');
      },
    };
    expect(redact(thrower)).toEqual({ unreadable: true });
    expect(redact(undefined)).toBeNull();
    expect(redact({ f: () => 1, u: undefined, n: Number.NaN, s: Symbol('x') })).toEqual({ n: 'NaN', s: null });
    expect(redact(new Date(0))).toBe('1970-01-01T00:00:00.000Z');
    expect(redact(new Date(Number.NaN))).toBeNull();
    expect(redact(new Error('password=abc'))).toEqual({ name: 'Error', message: 'password=[redacted]' });
    expect(redact(new Uint8Array(3))).toEqual({ bytes: 3 });
    expect(redact(new Headers({ cookie: 'a=b', accept: '*/*' }))).toEqual({ accept: '*/*', cookie: '[redacted]' });
    let deepest: unknown = 1;
    for (let n = 0; n < 100; n++) deepest = [deepest];
    expect(JSON.stringify(redact(deepest))).toContain('[deep]');
    const proto = JSON.parse('{"__proto__": {"x": 1}, "token": "a"}') as object;
    expect(JSON.stringify(redact(proto))).toBe('{"__proto__":{"x":1},"token":"[redacted]"}');
  });
});

describe('redactText', () => {
  it.each([
    ['https://a:b@shop.test/', 'https://[redacted]@shop.test/'],
    ['postgresql://pitwall:p%40ss@db:5432/x failed', 'postgresql://[redacted]@db:5432/x failed'],
    ['Basic dXNlcjpwYXNz', 'Basic [redacted]'],
    ['/a?api_key=1&b=2', '/a?api_key=[redacted]&b=2'],
    ['"password": "abc def"', '"password": "[redacted]"'],
    ["password='abc def'", "password='[redacted]'"],
    ['postgresql://u:pa/ss?x#y@db/x', 'postgresql://[redacted]@db/x'],
    ['see http://shop.test:8080/a?mail=a@b.test', 'see http://shop.test:8080/a?mail=a@b.test'],
    ['Cookie: a=b; c=d\nAccept: */*', 'Cookie: [redacted]\nAccept: */*'],
    ['authorization: Custom abc, def', 'authorization: [redacted]'],
    ['?x=1&p%61ssword=a', '?x=1&p%61ssword=[redacted]'],
    ['?next=https%3A%2F%2Fa%3Ab%40shop.test&z=%C3%BC', '?next=[redacted]&z=%C3%BC'],
    ['?z=%zz&a=1', '?z=%zz&a=1'],
    ['Error: password=abc, token: "x y"; a: b', 'Error: password=[redacted], token: "[redacted]"; a: b'],
    ['cut off: {"password":"abc', 'cut off: {"password":[redacted]'],
    ['in JSON: "{\\"password\\":\\"a b\\"}"', 'in JSON: "{\\"password\\":[redacted]}"'],
    ['found pw_abcdefghijklmnopqrst in it', 'found [redacted] in it'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln is a JWT', '[redacted] is a JWT'],
    ['nothing to see', 'nothing to see'],
    ['https://shop.test/@me', 'https://shop.test/@me'],
  ])('%s', (text, expected) => {
    expect(redactText(text)).toBe(expected);
    expect(redactText(expected)).toBe(expected);
  });
});

describe('redactUrl', () => {
  it.each([
    ['/a/b', '/a/b'],
    ['/a?page=2&token=x&sort=up', '/a?page=2&token=[redacted]&sort=up'],
    ['/a;jsessionid=abc?b=1', '/a;jsessionid=[redacted]?b=1'],
    [
      'https://u:p@shop.test/a?sig=x#access_token=y',
      'https://[redacted]@shop.test/a?sig=[redacted]#access_token=[redacted]',
    ],
    ['/a?mail=a@b.test', '/a?mail=a@b.test'],
    ['/a?password=b?c', '/a?password=[redacted]'],
    ['/a?next=/b?token=c&d=e?f', '/a?next=[redacted]&d=e?f'],
  ])('%s', (url, expected) => {
    expect(redactUrl(url)).toBe(expected);
  });
});

describe('names that are configured', () => {
  it('count as secret until others are, however they are written', () => {
    const redactor = createRedactor();
    expect(redactor.url('/a?customer_no=1')).toBe('/a?customer_no=1');
    redactor.configure(['X-Customer-No', 'customerNo', '-']);
    expect(redactor.url('/a?customer_no=1&b=2')).toBe('/a?customer_no=[redacted]&b=2');
    expect(redactor.text('x-customer-no: 1')).toBe('x-customer-no: [redacted]');
    expect(redactor.value({ body: { CustomerNo: [1], other: 2 } })).toEqual({
      body: { CustomerNo: '[redacted]', other: 2 },
    });
    redactor.configure([]);
    expect(redactor.url('/a?customer_no=1')).toBe('/a?customer_no=1');
  });

  it('are remembered within bounds', () => {
    const redactor = createRedactor();
    for (let n = 0; n < 5_000; n++) expect(redactor.isSecret(`name${n}`)).toBe(false);
    expect(redactor.isSecret('token')).toBe(true);
  });
});

it('knows names that hold secrets', () => {
  for (const name of ['PASSWORD', 'pass', 'otp', 'x-amz-signature', 'sessionId', 'jwt'])
    expect(isSecretName(name)).toBe(true);
  for (const name of ['key', 'keys', 'tokenId', 'author', 'compass', 'pinned', 'mode'])
    expect(isSecretName(name)).toBe(false);
});
