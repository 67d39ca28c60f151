import { expect, test } from 'vitest';
import { formatTail, isAny, parseTail, toggled } from '@/hooks/tail-params';
import { ANY_REQUEST, FILTER_VALUES } from '@/lib/contracts/tail';

const query = (filter: typeof ANY_REQUEST): string => {
  const params = new URLSearchParams();
  formatTail(params, filter);
  return params.toString();
};

test('a filter reads as it is written', () => {
  expect(query(ANY_REQUEST)).toBe('');
  const filter = { ...ANY_REQUEST, statuses: ['5xx', '404'], routes: ['/a,b'], text: 'x y', slowerThanMs: 2.5 };
  expect(query(filter)).toBe(
    'tail-routes=%2Fa%2Cb&tail-statuses=5xx&tail-statuses=404&tail-text=x+y&tail-slowerThanMs=2.5',
  );
  expect(parseTail(new URLSearchParams(query(filter)))).toEqual(filter);
});

test.each(['tail-results=magic', 'tail-statuses=9xx', 'tail-slowerThanMs=-1', 'tail-slowerThanMs=much'])(
  '%s lets everything pass',
  (text) => expect(parseTail(new URLSearchParams(text))).toEqual(ANY_REQUEST),
);

test('a value is added once and taken away again; past the bound nothing is added', () => {
  const one = toggled(ANY_REQUEST, 'results', 'stale');
  expect(one.results).toEqual(['stale']);
  expect(isAny(one)).toBe(false);
  expect(isAny(toggled(one, 'results', 'stale'))).toBe(true);
  expect(isAny({ ...ANY_REQUEST, text: 'a' })).toBe(false);
  expect(isAny({ ...ANY_REQUEST, slowerThanMs: 1 })).toBe(false);
  const full = { ...ANY_REQUEST, routes: Array.from({ length: FILTER_VALUES }, (_, i) => `r${i}`) };
  expect(toggled(full, 'routes', 'one more')).toBe(full);
});
