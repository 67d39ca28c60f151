// @vitest-environment jsdom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ChartsPanel } from '@/components/performance-dashboard/charts-panel';
import { foldTick } from '@/hooks/fold-tick';
import { toPoints } from '@/hooks/series';
import type { Overview } from '@/lib/contracts/overview';
import { overviewOf, tickOf, type World } from '../../support/console-scenarios';

/** How often the path of a series was made, by its key. */
const drawn = new Map<string, number>();

vi.mock('@/components/charts/shapes', async (load) => {
  const shapes = await load<typeof import('@/components/charts/shapes')>();
  const count = (key: string) => drawn.set(key, (drawn.get(key) ?? 0) + 1);
  return {
    ...shapes,
    lineShape: (...given: Parameters<typeof shapes.lineShape>) => (count(given[1]), shapes.lineShape(...given)),
    areaShape: (...given: Parameters<typeof shapes.areaShape>) => (count(given[1].key), shapes.areaShape(...given)),
  };
});

const NOW = 1_764_000_000_000;
const world: World = { scenario: 'busy', modes: new Map(), traffic: true };
/** Lines, and layers of both stacks. */
const SERIES = [
  ...['l1', 'l2', 'l3', 'stale', 'coalesced', 'origin', 'error'],
  ...['hitP95', 'hitP50', 'missP95', 'missP50', 'requests', 'originCalls'],
  ...['expired', 'cold', 'other'],
];
const times = (count: number) => new Map(SERIES.map((key) => [key, count]));

afterEach(cleanup);
beforeEach(() => drawn.clear());

const nothing = () => undefined;
const points = new WeakMap<Overview['samples'], ReturnType<typeof toPoints>>();

function Panel({ overview, chosen }: { overview: Overview; chosen: string | null }) {
  const known = points.get(overview.samples) ?? toPoints(overview.samples);
  points.set(overview.samples, known);
  return (
    <ChartsPanel
      points={known}
      samples={overview.samples}
      start={overview.from}
      end={overview.to}
      changes={overview.changes}
      chosen={chosen}
      onChoose={nothing}
      reasons="expired cold"
      reason={null}
      onReason={nothing}
      onZoom={nothing}
      noHits=""
    />
  );
}

test('charts are drawn when their data comes, and not when anything else does', () => {
  const overview = overviewOf(world, 'all', '1m', NOW);
  const page = render(<Panel overview={overview} chosen={null} />);
  expect(drawn).toEqual(times(1));

  // Another state of services, another instance: the same samples.
  page.rerender(<Panel overview={{ ...overview, services: [], instances: [] }} chosen={null} />);
  // A change that is chosen, and one that is told.
  page.rerender(<Panel overview={overview} chosen="x" />);
  page.rerender(<Panel overview={{ ...overview, changes: [...overview.changes] }} chosen="x" />);
  // The crosshair, by pointer and by keyboard.
  const [first] = screen.getAllByTestId('plot');
  fireEvent.pointerMove(first!, { clientX: 300 });
  act(() => screen.getByRole('slider', { name: /^Answered by/ }).focus());
  fireEvent.keyDown(screen.getByRole('slider', { name: /^Answered by/ }), { key: 'ArrowLeft' });
  expect(screen.getAllByTestId('crosshair')).toHaveLength(5);
  expect(drawn).toEqual(times(1));

  const next = foldTick(overview, tickOf(world, 'all', '1m', NOW + 1_000)).overview;
  page.rerender(<Panel overview={next} chosen="x" />);
  expect(drawn).toEqual(times(2));
});
