import { expect, test } from 'vitest';
import { isProduction } from '@/components/layout/environment-badge';
import { pageTitle } from '@/components/layout/page-title';
import { PAGES } from '@/components/layout/pages';
import { overviewOf, type Scenario } from '../../../support/console-scenarios';

test.each([
  ['production', true],
  ['Prod', true],
  ['prod-eu', true],
  ['eu.live', true],
  ['PRD 2', true],
  ['local', false],
  ['staging', false],
  ['reproduction', false],
  ['products', false],
  ['alive', false],
])('%s is production: %s', (name, expected) => {
  expect(isProduction(name)).toBe(expected);
});

test('the title says trouble or savings on the first page, the page on others, and which Pitwall', () => {
  const overview = (scenario: Scenario) => overviewOf({ scenario, modes: new Map(), traffic: true }, 'all', '5m', 0);
  expect(pageTitle(null)).toBe('Pitwall');
  expect(pageTitle(overview('failing'))).toBe('Failing · production-eu · Pitwall');
  expect(pageTitle(overview('failing'), 'API')).toBe('Failing · API · production-eu · Pitwall');
  expect(pageTitle(overview('busy'), 'Performance')).toMatch(/^[\d.]+ % saved · local · Pitwall$/);
  expect(pageTitle(overview('busy'), 'API')).toBe('API · local · Pitwall');
  expect(pageTitle(overview('empty'))).toBe('local · Pitwall');
});

test('no two pages share a path or a letter', () => {
  expect(new Set(PAGES.map(({ path }) => path)).size).toBe(PAGES.length);
  expect(new Set(PAGES.map(({ letter }) => letter)).size).toBe(PAGES.length);
});
