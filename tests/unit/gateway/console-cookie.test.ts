import { describe, expect, it } from 'vitest';
import { setsConsoleCookie, withoutConsoleCookie } from '../../../lib/gateway/console-cookie.ts';
import { originHeaders } from '../../../lib/gateway/origin-headers.ts';
import { FACT, scanHeaders } from '../../../lib/gateway/request-facts.ts';

describe('the console’s cookie', () => {
  it.each([
    ['a=1; b=2', 'a=1; b=2'],
    ['pitwall.session_token=x', ''],
    ['pitwall.session_token =x; a=1', 'a=1'],
    ['__Secure-pitwall.session_token=x', ''],
    ['a=1; pitwall.session_token=x; b=2', 'a=1; b=2'],
    ['pitwall.session_token=x;pitwall.session_token=y;a=1', 'a=1'],
    ['xpitwall.session_token=1', 'xpitwall.session_token=1'],
    ['a=pitwall.session_token=1', 'a=pitwall.session_token=1'],
  ])('is taken out of %j', (cookie, kept) => {
    expect(withoutConsoleCookie(cookie)).toBe(kept);
  });

  it('is no cookie of a request', () => {
    const scan = { facts: 0, host: undefined };
    const headers = ['Host', 'a', 'Cookie', 'pitwall.session_token=x', 'Range', 'bytes=0-'];
    scanHeaders(headers, scan);
    expect([headers, scan.facts]).toEqual([['Host', 'a', 'Range', 'bytes=0-'], FACT.range]);
    const mixed = ['Cookie', 'pitwall.session_token=x; a=1', 'cookie', 'b=2'];
    scanHeaders(mixed, scan);
    expect([mixed, scan.facts]).toEqual([['Cookie', 'a=1', 'cookie', 'b=2'], FACT.cookie]);
  });

  it('isn’t set by an origin', () => {
    expect(setsConsoleCookie('pitwall.session=1')).toBe(false);
    const raw = ['Set-Cookie', ' __Secure-pitwall.session_token=evil; Path=/', 'Set-Cookie', 'a=1'];
    expect(originHeaders(raw)).toEqual(['Set-Cookie', 'a=1']);
  });
});
