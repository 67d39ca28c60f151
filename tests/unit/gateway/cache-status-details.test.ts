import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MISS_REASONS, RESULTS } from '../../../lib/contracts/traffic.ts';
import { ERROR_STATUS, type ErrorCode } from '../../../lib/kernel/errors.ts';

/** Codes of what never has a Cache-Status: refused before a route is known, reset, or not a gateway's at all. */
const ELSEWHERE: readonly ErrorCode[] = [
  'invalid_url',
  'invalid_host',
  'path_traversal',
  'expectation_failed',
  'url_too_long',
  'headers_too_large',
  'request_timeout',
  'method_refused',
  'no_service',
  'loop_detected',
  'draining',
  'client_gone',
  'lagging_reader',
  'not_found',
  'method_not_allowed',
  'unsupported_media_type',
  'misdirected_request',
  'cross_site_request',
  'login_required',
  'login_refused',
  'permission_denied',
  'validation_failed',
  'conflict',
  'too_many_connections',
  'too_many_requests',
  'config_invalid',
  'port_in_use',
  'data_dir_unwritable',
  'data_dir_locked',
  'gateway_unavailable',
  'storage_unavailable',
  'database_refused',
  'sign_on_unavailable',
];
/** Results that aren't told as they are: a reason or a code stands there. */
const BY_REASON: readonly string[] = ['coalesced', 'origin', 'error'];

const text = readFileSync(join(import.meta.dirname, '../../../docs/http-caching.md'), 'utf8');
const section = /^### Values of detail\n([\s\S]*?)^## /m.exec(text)?.[1] ?? '';
const rows = [...section.matchAll(/^\| (`[^|]*?) *\| *(.*?) *\|$/gm)].filter(([, cell]) => cell !== '`detail`');
const documented = rows.flatMap(([, cell]) => [...String(cell).matchAll(/`([\w-]+)`/g)].map(([, value]) => value));

it('every value of detail in Cache-Status is documented, once, and nothing else', () => {
  const codes = Object.keys(ERROR_STATUS).filter((code) => !ELSEWHERE.includes(code as ErrorCode));
  const levels = RESULTS.filter((result) => !BY_REASON.includes(result));
  expect(documented.toSorted()).toEqual([...levels, ...MISS_REASONS, ...codes].toSorted());
});

it('a failure is documented with the status that it has', () => {
  const told = rows.flatMap(([, cell, means]) => {
    const code = String(cell).replaceAll('`', '');
    return code in ERROR_STATUS ? [[code, Number.parseInt(String(means), 10)]] : [];
  });
  expect(told.length).toBeGreaterThan(5);
  expect(told).toEqual(told.map(([code]) => [code, ERROR_STATUS[code as ErrorCode]]));
});
