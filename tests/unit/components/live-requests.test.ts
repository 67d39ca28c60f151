import { expect, test } from 'vitest';
import { askedFor } from '@/components/performance-dashboard/live-requests/live-requests';
import { REQUEST_COLUMNS, formatMoment } from '@/components/performance-dashboard/live-requests/request-columns';
import { moved } from '@/components/performance-dashboard/live-requests/request-table';
import { RESULT, resultWord } from '@/components/performance-dashboard/live-requests/result-words';
import { DEFAULT_VIEW } from '@/hooks/view';
import { ANY_REQUEST } from '@/lib/contracts/tail';
import { RESULTS } from '@/lib/contracts/traffic';
import { requestsOf } from '../../support/console-requests';

test('keys move by a row, by ten and to the ends, and never beyond', () => {
  expect(['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'].map((key) => moved(key, 50, 100))).toEqual([
    49, 51, 40, 60, 0, 99,
  ]);
  expect([moved('ArrowUp', 0, 100), moved('PageDown', 95, 100)]).toEqual([0, 99]);
  // From nowhere: the newest.
  expect([moved('ArrowUp', null, 100), moved('ArrowDown', null, 100)]).toEqual([99, 99]);
  expect(moved('x', 5, 100)).toBeUndefined();
});

test('every column says something, also of a line from a newer server', () => {
  const [line] = requestsOf('busy', 0, Date.UTC(2026, 0, 2));
  for (const column of REQUEST_COLUMNS) expect(column.text({ ...line!, reason: 'cold' }), column.key).not.toBe('');
  const newer = { ...line!, result: 'teleported', reason: 'a-new-one' };
  const texts = REQUEST_COLUMNS.map((column) => column.text(newer));
  expect(texts).toContain('teleported');
  expect(texts).toContain('a-new-one');
  expect(new Set(RESULTS.map(resultWord)).size).toBe(RESULTS.length);
  expect(Object.values(RESULT).every(({ because }) => because.endsWith('.'))).toBe(true);
  expect(formatMoment(new Date(2026, 0, 2, 3, 4, 5, 6).getTime())).toBe('03:04:05.006');
});

test('the page’s service and route narrow what is asked for, unless the filter names some itself', () => {
  expect(askedFor(DEFAULT_VIEW)).toBe(ANY_REQUEST);
  expect(askedFor({ ...DEFAULT_VIEW, service: 'chat' }).services).toEqual(['chat']);
  const route = { ...DEFAULT_VIEW, service: 'chat', route: '/a' };
  expect(askedFor(route)).toMatchObject({ services: ['chat'], routes: ['/a'] });
  const tail = { ...ANY_REQUEST, services: ['search'], routes: ['/b'] };
  expect(askedFor({ ...route, tail })).toMatchObject({ services: ['search'], routes: ['/b'] });
});
