import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalScope } from '../../../lib/container/clear-scope.ts';
import { clearSchema, MAX_SCOPE_LENGTH } from '../../../lib/contracts/clear.ts';
import { urlOf } from '../../../lib/cache/entry-key.ts';
import { requestKey } from '../../../lib/dedup/request-key.ts';
import { parseHost, parseTarget } from '../../../lib/dedup/request-target.ts';
import type { PitwallError } from '../../../lib/kernel/errors.ts';

const refusal = (run: () => unknown): PitwallError => {
  try {
    run();
  } catch (error) {
    return error as PitwallError;
  }
  throw new Error('It was taken.');
};

describe('the URL of a clear', () => {
  it.each([
    ['http://Shop.Example/n/a-b', 'http://shop.example/n/a-b'],
    ['HTTP://shop.example/n/a-b', 'http://shop.example/n/a-b'],
    ['http://shop.example:80/n/a-b', 'http://shop.example/n/a-b'],
    ['http://shop.example:8080/n/a-b', 'http://shop.example:8080/n/a-b'],
    ['https://shop.example:443/n/a-b', 'https://shop.example:443/n/a-b'],
    ['http://shop.example/n/a%2Db', 'http://shop.example/n/a-b'],
    ['http://shop.example/n/a%2fb', 'http://shop.example/n/a%2Fb'],
    ['http://shop.example/n/x/../a-b', 'http://shop.example/n/a-b'],
    ['http://shop.example/n/a-b#f?g', 'http://shop.example/n/a-b'],
    ['http://shop.example/n/a-b?q=%7e#f', 'http://shop.example/n/a-b?q=~'],
    ['http://shop.example/n/a-b?', 'http://shop.example/n/a-b?'],
    ['http://shop.example?a=/', 'http://shop.example/?a=/'],
  ])('%s as a key is %s', (key, normal) => {
    expect(normalScope({ key })).toEqual({ key: normal });
  });

  it('is what the gateway writes into the key of a request for it', () => {
    const host = fc.constantFrom('a', 'A.b', 'a:80', 'A:8080', 'a:', '[::AB]:80', 'b.:443');
    const piece = fc.constantFrom('/', 'a', 'B', '.', '..', '%2e', '%2D', '%2f', '%c3%A4', '?', '=', '&', '//');
    const target = fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`);
    fc.assert(
      fc.property(fc.constantFrom('http', 'https'), host, target, (scheme, name, raw) => {
        const run = () => normalScope({ key: `${scheme}://${name}${raw}` });
        const asked = () => parseTarget(raw, MAX_SCOPE_LENGTH);
        if (raw.includes('..') || raw.includes('%2e')) {
          try {
            asked();
          } catch {
            expect(refusal(run).code).toBe('validation_failed');
            return;
          }
        }
        const key = requestKey({ method: 'GET', scheme, host: parseHost(name), ...asked(), realm: 'r' });
        expect(run()).toEqual({ key: urlOf(key) });
        expect(normalScope(run())).toEqual(run());
      }),
    );
  });

  it.each([
    ['http://Shop.Example:80/n/x/../a%2', 'http://shop.example/n/x/../a%2'],
    ['HTTPS://[::AB]:8443/', 'https://[::ab]:8443/'],
  ])('%s as a prefix is %s: scheme and host alone', (prefix, normal) => {
    expect(normalScope({ prefix, service: 's' })).toEqual({ prefix: normal, service: 's' });
  });

  it.each([
    ['shop.example/a', /^The key must be a whole URL/],
    ['http://user@shop.example/a', /^The gateway serves no URL such as this key, .*invalid host\.$/],
    ['http://shop.example:99999/a', /invalid port\.$/],
    ['http://shop.example/%zz', /broken percent-encoding\.$/],
    ['http://shop.example/ä', /must be encoded at 1\.$/],
    ['http://shop.example/../a', /climbs above the root\.$/],
  ])('%s as a key is refused with a sentence', (key, message) => {
    const { code, message: said } = refusal(() => normalScope({ key }));
    expect(code).toBe('validation_failed');
    expect(said).toMatch(message);
  });

  it('is refused as a prefix where no host is like that', () => {
    expect(refusal(() => normalScope({ prefix: 'http://a b/' }))).toMatchObject({ code: 'validation_failed' });
  });
});

it.each([
  ['key', 'http://a/', 'b'],
  ['prefix', 'http://a/', 'b'],
  ['glob', '*', 'b'],
])('a %s may have 8,192 characters and no more', (name, start, fill) => {
  const body = (length: number) => ({ scope: { [name]: start.padEnd(length, fill) } });
  expect(clearSchema.safeParse(body(8_192)).success).toBe(true);
  expect(clearSchema.safeParse(body(8_193)).success).toBe(false);
});
