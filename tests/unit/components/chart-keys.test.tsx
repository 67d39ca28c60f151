// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CrosshairProvider, useCrosshair } from '@/components/charts/crosshair';
import { LinePanel } from '@/components/charts/line-panel';
import { StackedChart } from '@/components/charts/stacked-chart';

afterEach(cleanup);

const NOON = new Date(2026, 0, 5, 12).getTime();
const SERIES = [
  { key: 'hit', name: 'Hit p95', colour: 'red' },
  { key: 'miss', name: 'p50', colour: 'blue' },
] as const;
const POINTS = Array.from({ length: 20 }, (_, i) => ({
  at: NOON + i * 1_000,
  hit: i === 18 ? null : i,
  miss: 0.25,
}));

const Told = () => <output>{useCrosshair() ?? 'none'}</output>;

beforeEach(() => {
  const shared = { points: POINTS, series: SERIES, start: NOON, end: NOON + 19_000, height: 160 };
  render(
    <CrosshairProvider>
      <LinePanel {...shared} label="Latency, milliseconds" />
      <StackedChart {...shared} label="Answered by, requests per second" />
      <Told />
    </CrosshairProvider>,
  );
  act(() => chart().focus());
});

const chart = () => screen.getByRole('slider', { name: 'Latency, milliseconds' });
const other = () => screen.getByRole('slider', { name: 'Answered by, requests per second' });
const press = (key: string, more = {}) => fireEvent.keyDown(chart(), { key, ...more });
const read = () => chart().getAttribute('aria-valuetext');

test('arrows move the crosshair of all charts, and each point is read out', () => {
  expect(read()).toBe('No moment chosen');
  expect(screen.queryAllByTestId('crosshair')).toHaveLength(0);
  press('ArrowLeft');
  expect(read()).toBe('12:00:19: Hit p95 19, p50 0.25');
  expect(screen.getAllByTestId('crosshair')).toHaveLength(2);
  press('ArrowLeft');
  expect(read()).toBe('12:00:18: Hit p95 unknown, p50 0.25');
  expect(other().getAttribute('aria-valuetext')).toBe(read());
  expect(chart().getAttribute('aria-valuenow')).toBe('18');
  press('ArrowRight');
  press('ArrowRight');
  expect(read()).toBe('12:00:19: Hit p95 19, p50 0.25');
});

test('Home, End and the page keys go far, and never past the ends', () => {
  press('Home');
  expect(read()).toBe('12:00:00: Hit p95 0, p50 0.25');
  press('PageDown');
  expect(read()).toContain('12:00:10');
  press('PageUp');
  press('PageUp');
  expect(read()).toContain('12:00:00');
  press('End');
  expect(read()).toContain('12:00:19');
});

test('other keys, and arrows of the browser’s own, are left to others', () => {
  expect(press('p')).toBe(true);
  expect(press('ArrowLeft', { altKey: true })).toBe(true);
  expect(read()).toBe('No moment chosen');
  expect(press('ArrowLeft')).toBe(false);
});

test('leaving the chart takes the crosshair away', () => {
  press('Home');
  expect(screen.getByRole('status').textContent).toBe(String(NOON));
  act(() => chart().blur());
  expect(screen.getByRole('status').textContent).toBe('none');
});

test('a value under the crosshair has a dot on its line, what isn’t known has none', () => {
  press('End');
  const dots = () => screen.getAllByTestId('crosshair')[0]?.children.length;
  expect(dots()).toBe(2);
  press('ArrowLeft');
  expect(dots()).toBe(1);
});
