import { describe, expect, it } from 'vitest';
import { parseForwarded } from '../../../lib/gateway/forwarded.ts';
import { clientAddress, createTrust } from '../../../lib/gateway/trust.ts';

describe('createTrust', () => {
  it('trusts nobody by default', () => {
    expect(createTrust([])('127.0.0.1')).toBe(false);
  });

  it.each([
    ['10.1.2.3', true],
    ['11.1.2.3', false],
    ['192.0.2.7', true],
    ['192.0.2.8', false],
    ['::ffff:10.1.2.3', true],
    ['2001:db8::5', true],
    ['2001:db9::5', false],
    ['::1', true],
    ['', false],
    ['unix socket', false],
  ])('%s: %s', (address, verdict) => {
    const trusts = createTrust(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32', '::1']);
    expect(trusts(address)).toBe(verdict);
    expect(trusts(address)).toBe(verdict);
  });

  it('stays right past what it remembers', () => {
    const trusts = createTrust(['10.0.0.0/8']);
    for (let i = 0; i < 5_000; i++) expect(trusts(`10.0.${i >> 8}.${i & 255}`)).toBe(true);
    expect(trusts('11.0.0.1')).toBe(false);
  });
});

describe('clientAddress', () => {
  const trusts = createTrust(['10.0.0.0/8']);
  it.each([
    ['a stranger says what it likes', '9.9.9.9', '1.1.1.1', '9.9.9.9'],
    ['no chain', '10.0.0.1', undefined, '10.0.0.1'],
    ['the nearest that is not ours', '10.0.0.1', '6.6.6.6, 1.1.1.1, 10.0.0.2', '1.1.1.1'],
    ['all ours: the farthest', '10.0.0.1', '10.0.0.3,10.0.0.2', '10.0.0.3'],
    ['what is no address ends the walk', '10.0.0.1', '1.1.1.1, unknown, 10.0.0.2', '10.0.0.2'],
  ])('%s', (_, peer, chain, client) => {
    expect(clientAddress(peer, chain, trusts)).toBe(client);
  });
});

describe('parseForwarded', () => {
  it.each([
    ['for=192.0.2.1', [{ for: '192.0.2.1' }]],
    [
      'For="[2001:db8::1]:4711";Proto=HTTPS;host="a.test:81"',
      [{ for: '2001:db8::1', proto: 'https', host: 'a.test:81' }],
    ],
    ['for=192.0.2.1:80, for=unknown , for=_x;by=10.0.0.1', [{ for: '192.0.2.1' }, { for: 'unknown' }, { for: '_x' }]],
    ['for="_a,b;c", host="q\\"t"', [{ for: '_a,b;c' }, { host: 'q"t' }]],
    ['nonsense, ;;;, ="x"', [{}, {}, {}]],
    ['', []],
    [`for=${'1'.repeat(600)}`, [{}]],
  ])('%s', (value, hops) => {
    expect(parseForwarded(value)).toEqual(hops);
  });
});
