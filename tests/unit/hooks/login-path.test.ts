import { describe, expect, test } from 'vitest';
import { loginPath, nextPath } from '@/hooks/login-path';
import { retryAfterMs } from '@/hooks/retry-after';

const ORIGIN = 'http://127.0.0.1:3000';
const next = (path: string): string => nextPath(`?next=${encodeURIComponent(path)}`, ORIGIN);

describe('the way back from the log-in', () => {
  test.each(['/', '/settings?tab=journal&journal-kind=command', '/?service=chat#setup=url', '/docs/api#clearCache'])(
    'leads to %s as it was',
    (path) => {
      expect(next(path)).toBe(path);
      expect(nextPath(new URL(loginPath(path), ORIGIN).search, ORIGIN)).toBe(path);
    },
  );

  test.each([
    'https://elsewhere.example/',
    '//elsewhere.example/',
    '/\\elsewhere.example/',
    '\\\\elsewhere.example',
    '/\t/elsewhere.example/',
    '/.//elsewhere.example/',
    '/x/..//elsewhere.example/',
    'javascript:alert(1)',
    'settings',
    '/login?next=/',
    '/join#secret',
    '/api/session',
    '/%',
    '',
  ])('never to %j', (path) => {
    const led = next(path);
    expect(new URL(led, ORIGIN).origin).toBe(ORIGIN);
    expect(led === '/' || led === '/%').toBe(true);
  });

  test('leads home where nothing is named', () => {
    expect(nextPath('', ORIGIN)).toBe('/');
  });
});

test('Retry-After in seconds or as a date; what can’t be read says nothing', () => {
  const now = Date.parse('2026-11-28T10:00:00Z');
  expect(retryAfterMs('30', now)).toBe(30_000);
  expect(retryAfterMs('Sat, 28 Nov 2026 10:01:00 GMT', now)).toBe(60_000);
  expect(retryAfterMs('Sat, 28 Nov 2026 09:00:00 GMT', now)).toBe(0);
  expect(retryAfterMs(null, now)).toBeNull();
  expect(retryAfterMs('', now)).toBeNull();
  expect(retryAfterMs('soon', now)).toBeNull();
});
