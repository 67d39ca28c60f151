import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FACT, scanHeaders } from '../../../lib/gateway/request-facts.ts';

function scan(headers: string[]): { facts: number; host: string | undefined } {
  const found = { facts: -1, host: 'left over' as string | undefined };
  scanHeaders(headers, found);
  return found;
}

const NAMES: [string, keyof typeof FACT][] = [
  ['Cookie', 'cookie'],
  ['Authorization', 'authorization'],
  ['Range', 'range'],
  ['If-Match', 'conditional'],
  ['If-None-Match', 'conditional'],
  ['If-Modified-Since', 'conditional'],
  ['If-Unmodified-Since', 'conditional'],
  ['If-Range', 'conditional'],
  ['Cache-Control', 'cacheControl'],
  ['Pragma', 'cacheControl'],
  ['Expect', 'expect'],
  ['Upgrade', 'upgrade'],
  ['Transfer-Encoding', 'body'],
  ['Content-Length', 'body'],
  ['Forwarded', 'forwarded'],
  ['Pitwall-Explain', 'explain'],
  ['X-Forwarded-For', 'forwarded'],
  ['X-Forwarded-Host', 'forwarded'],
  ['X-Forwarded-Proto', 'forwarded'],
  ['X-Forwarded-Prefix', 'forwarded'],
];

describe('scanHeaders', () => {
  it.each(NAMES)('%s is %s, in any case', (name, fact) => {
    for (const spelled of [name, name.toLowerCase(), name.toUpperCase()])
      expect(scan([spelled, 'x'])).toEqual({ facts: FACT[fact], host: undefined });
  });

  it('finds nothing in names that only look alike', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z-]{1,20}$/), (name) => {
        const lower = name.toLowerCase();
        fc.pre(
          lower !== 'host' &&
            !lower.startsWith('x-forwarded-') &&
            !NAMES.some(([known]) => known.toLowerCase() === lower),
        );
        expect(scan([name, 'x'])).toEqual({ facts: 0, host: undefined });
      }),
    );
  });

  it('reads Host, and notices a second one', () => {
    expect(scan(['hOST', 'a.test'])).toEqual({ facts: 0, host: 'a.test' });
    expect(scan(['Host', 'a.test', 'HOST', 'b.test'])).toEqual({ facts: FACT.hostRepeated, host: 'a.test' });
  });

  it('takes a length of 0 for no body', () => {
    expect(scan(['Content-Length', '0']).facts).toBe(0);
  });
});
