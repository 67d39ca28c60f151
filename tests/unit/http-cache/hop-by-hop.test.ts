import { describe, expect, it } from 'vitest';
import { endToEnd } from '../../../lib/http-cache/hop-by-hop.ts';

describe('endToEnd', () => {
  it('drops what ends at the next hop', () => {
    const headers = ['Keep-Alive', 'timeout=5', 'Proxy-Connection', 'x', 'Proxy-Authenticate', 'x', 'TE', 'trailers'];
    headers.push('Proxy-Authorization', 'x', 'Trailer', 'x', 'Transfer-Encoding', 'chunked', 'Upgrade', 'h2c');
    headers.push('Proxy-Authentication-Info', 'x', 'Content-Type', 'text/plain');
    expect(endToEnd(headers)).toEqual(['Content-Type', 'text/plain']);
  });

  it('drops what Connection names, on any of its lines', () => {
    const headers = [
      'Connection',
      'close, X-Hop',
      'x-hop',
      '1',
      'X-Stays',
      '2',
      'connection',
      ' x-HOP-2 ,',
      'X-Hop-2',
      '3',
    ];
    expect(endToEnd(headers)).toEqual(['X-Stays', '2']);
  });

  it('lets Connection strip nothing that decides who may see the answer or where it ends', () => {
    const kept = ['Cache-Control', 'no-store', 'Set-Cookie', 'a=b', 'Vary', 'x', 'Host', 'h', 'Content-Length', '3'];
    kept.push('Cookie', 'c', 'Authorization', 'a', 'Expires', '0');
    const named = kept.filter((_, i) => i % 2 === 0).join(', ');
    expect(endToEnd(['Connection', named, ...kept])).toEqual(kept);
  });
});
