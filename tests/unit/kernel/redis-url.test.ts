import { describe, expect, it } from 'vitest';
import { parseRedisUrl } from '../../../lib/kernel/redis-url.ts';

const NOBODY = { username: undefined, password: undefined, tls: false };

describe('parseRedisUrl', () => {
  it.each([
    ['redis://cache', { kind: 'single', ...NOBODY, host: 'cache', port: 6379, db: 0 }],
    ['redis://127.0.0.1:6380/15', { kind: 'single', ...NOBODY, host: '127.0.0.1', port: 6380, db: 15 }],
    ['redis://[::1]:1/', { kind: 'single', ...NOBODY, host: '::1', port: 1, db: 0 }],
    [
      'rediss://me:p%40ss%2F@cache:65535/65535',
      { kind: 'single', username: 'me', password: 'p@ss/', tls: true, host: 'cache', port: 65535, db: 65535 },
    ],
    [
      'redis://:a@b:c@cache',
      { kind: 'single', username: undefined, password: 'a@b:c', tls: false, host: 'cache', port: 6379, db: 0 },
    ],
    [
      'redis-sentinel://u:p@one,two:26380,[::1]/my%20master?db=3&tls=true',
      {
        kind: 'sentinel',
        username: 'u',
        password: 'p',
        tls: true,
        sentinels: [
          { host: 'one', port: 26379 },
          { host: 'two', port: 26380 },
          { host: '::1', port: 26379 },
        ],
        master: 'my master',
        db: 3,
      },
    ],
    [
      'redis-cluster://one:7000,two/?tls=false',
      {
        kind: 'cluster',
        ...NOBODY,
        nodes: [
          { host: 'one', port: 7000 },
          { host: 'two', port: 6379 },
        ],
      },
    ],
  ])('reads %s', (url, target) => {
    expect(parseRedisUrl(url)).toEqual(target);
  });

  it.each([
    ['cache:6379', 'expected redis://HOST'],
    ['http://cache', 'expected redis://HOST'],
    ['redis://', 'expected redis://HOST'],
    ['redis://a b', 'expected redis://HOST'],
    ['redis://a#b', 'expected redis://HOST'],
    ['constructor://a', 'expected redis://HOST'],
    ['redis://a,b', 'expected one host'],
    ['redis://a:0', 'HOST:PORT'],
    ['redis://a:65536', 'HOST:PORT'],
    ['redis://a:b', 'HOST:PORT'],
    ['redis-cluster://a,,b', 'HOST:PORT'],
    ['redis://a/one', 'from 0 to 65535'],
    ['redis://a/65536', 'from 0 to 65535'],
    ['redis://a?db=1', 'no such parameter as "db"'],
    ['redis-cluster://a/1', 'expected no database'],
    ['redis-cluster://a?db=1', 'no such parameter as "db"'],
    ['redis-sentinel://a', 'name of the master'],
    ['redis-sentinel://a/m?db=x', 'from 0 to 65535'],
    ['redis-sentinel://a/m?tls=yes', 'true or false'],
    ['redis://:%zz@a', 'percent-encoded'],
    [`redis-cluster://${Array.from({ length: 65 }, () => 'a').join(',')}`, 'at most 64 hosts'],
  ])('refuses %s in one sentence', (url, says) => {
    expect(() => parseRedisUrl(url)).toThrow(expect.objectContaining({ code: 'config_invalid' }));
    expect(() => parseRedisUrl(url)).toThrow(says);
  });

  it.each(['redis://me:secret@a:b', 'secret', 'redis-cluster://me:secret@a/1', 'redis://me:secret@a?x=1'])(
    'never repeats a password, as in %s',
    (url) => {
      let message = '';
      try {
        parseRedisUrl(url);
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).toMatch(/^expected /);
      expect(message).not.toContain('secret');
    },
  );
});
