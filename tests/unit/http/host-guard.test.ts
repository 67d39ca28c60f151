import { describe, expect, it } from 'vitest';
import { createHostGuard, sameHost } from '../../../lib/http/host-guard.ts';
import { isLoopback } from '../../../lib/kernel/loopback.ts';

const guard = createHostGuard('127.0.0.1');

describe('the Host of a console on loopback', () => {
  it.each(['localhost', 'LOCALHOST:3000', '127.0.0.1:3000', '127.8.9.1', '[::1]', '[::1]:3000'])(
    'serves %s',
    (host) => {
      expect(guard({ method: 'GET', headers: { host } })).toBeUndefined();
    },
  );

  it.each([
    'evil.example',
    'evil.example:3000',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.1',
    '',
    '[::2]',
  ])('refuses %j as rebinding would send it', (host) => {
    expect(guard({ method: 'GET', headers: { host } })?.code).toBe('misdirected_request');
  });

  it('refuses a request without Host', () => {
    expect(guard({ method: 'GET', headers: {} })?.code).toBe('misdirected_request');
  });

  it('asks nothing of the name once the console listens on other addresses', () => {
    expect(createHostGuard('0.0.0.0')({ method: 'GET', headers: { host: 'pitwall.example' } })).toBeUndefined();
  });

  it('knows the addresses that only mean this machine', () => {
    expect(['localhost', '::1', '127.0.0.1', '127.255.0.9'].every(isLoopback)).toBe(true);
    expect(['0.0.0.0', '::', '128.0.0.1', '1270.0.0.1'].some(isLoopback)).toBe(false);
  });
});

describe('requests that may change something', () => {
  const host = 'localhost:3000';
  const post = (headers: Record<string, string>) => guard({ method: 'POST', headers: { host, ...headers } })?.code;

  it('passes clients that are no browsers, and pages of the console', () => {
    expect(post({})).toBeUndefined();
    expect(post({ origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin' })).toBeUndefined();
    expect(post({ 'sec-fetch-site': 'none' })).toBeUndefined();
  });

  it('refuses other sites, other ports of this machine and opaque origins', () => {
    expect(post({ origin: 'http://evil.example' })).toBe('cross_site_request');
    expect(post({ origin: 'http://localhost:3001' })).toBe('cross_site_request');
    expect(post({ origin: 'null' })).toBe('cross_site_request');
    expect(post({ 'sec-fetch-site': 'cross-site' })).toBe('cross_site_request');
    expect(post({ 'sec-fetch-site': 'same-site' })).toBe('cross_site_request');
  });

  it('lets links from other sites open a page', () => {
    expect(guard({ method: 'GET', headers: { host, 'sec-fetch-site': 'cross-site' } })).toBeUndefined();
  });

  it('compares host and port, not the scheme that a TLS proxy takes away', () => {
    expect(sameHost('https://Pitwall.example', 'pitwall.example')).toBe(true);
    expect(sameHost('file://pitwall.example', 'pitwall.example')).toBe(false);
  });

  it('on loopback behind a proxy, answers to the public name too, whichever of the two the proxy asks for', () => {
    const guard = createHostGuard('127.0.0.1', 'https://pitwall.example.com');
    const origin = 'https://pitwall.example.com';
    const from = (host: string, given = origin) => guard({ method: 'POST', headers: { host, origin: given } })?.code;
    expect([from('pitwall.example.com'), from('localhost:3000')]).toEqual([undefined, undefined]);
    expect(from('elsewhere.example')).toBe('misdirected_request');
    expect(from('localhost:3000', 'https://elsewhere.example')).toBe('cross_site_request');
    expect(from('localhost:3000', 'http://pitwall.example.com')).toBe('cross_site_request');
  });
});
