import { describe, expect, it } from 'vitest';
import { requestKey } from '../../../lib/dedup/request-key.ts';
import { redactCounters, redactKey } from '../../../lib/gateway/redact-key.ts';
import { createRedactor } from '../../../lib/kernel/redact.ts';
import { boundedKey } from '../../../lib/metrics/bounded-key.ts';

const redactor = createRedactor();
const identity = { method: 'GET', scheme: 'http', host: 'shop.test', path: '/a', query: '?b=1&token=s3cr3t' };

describe('redactKey', () => {
  it('hides secret parameters and headers, and keeps the rest', () => {
    expect(redactKey(redactor, requestKey(identity))).toBe('GET http://shop.test/a?b=1&token=[redacted]');
    const headers = ['accept', 'x, 3:y', 'x-api-key', 's3cr3t', 'authorization', '', 'x-tenant', 'one'];
    const key = requestKey({ ...identity, realm: 'r1', headers, bodyHash: 'h' });
    expect(redactKey(redactor, key)).toBe(
      'GET http://shop.test/a?b=1&token=[redacted] realm=r1 headers=8,6:accept,6:x, 3:y,9:x-api-key,10:[redacted],' +
        '13:authorization,0:,8:x-tenant,3:one body=h',
    );
    expect(redactKey(redactor, requestKey({ ...identity, query: '', headers: ['accept', 'x'] }))).toBe(
      'GET http://shop.test/a headers=2,6:accept,1:x',
    );
  });

  it('hides them in a key that was cut, wherever that was', () => {
    const key = requestKey({ ...identity, headers: ['accept', 'x', 'x-api-key', 's3cr3t'.repeat(20)] });
    for (let longest = 40; longest < key.length; longest++) {
      expect(redactKey(redactor, boundedKey(key, longest))).not.toContain('s3c');
    }
  });
});

it('counts keys that differ in a secret alone as one', () => {
  const row = { service: 's', route: 'r', error: 1 };
  const asked = [
    { ...row, key: 'GET http://a.test/?token=1', count: 5, reasons: { cold: 2 } },
    { ...row, key: 'GET http://a.test/b', count: 6, reasons: {} },
    { ...row, key: 'GET http://a.test/?token=2', count: 4, reasons: { cold: 1, expired: 1 } },
  ];
  const counters = { from: 0, asked, missed: asked.slice(0, 2), unlisted: { asked: 0, missed: 0 } };
  expect(redactCounters(redactor, counters)).toMatchObject({
    asked: [
      { key: 'GET http://a.test/?token=[redacted]', count: 9, error: 2, reasons: { cold: 3, expired: 1 } },
      { key: 'GET http://a.test/b', count: 6 },
    ],
    missed: [{ key: 'GET http://a.test/?token=[redacted]', count: 5 }, { count: 6 }],
  });
});
