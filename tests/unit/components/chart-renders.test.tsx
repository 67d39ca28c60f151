// @vitest-environment jsdom
import { cleanup, render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ChartsPanel } from '@/components/performance-dashboard/charts-panel';
import { foldTick } from '@/hooks/fold-tick';
import { toPoints } from '@/hooks/series';
import type { Overview } from '@/lib/contracts/overview';
import { overviewOf, tickOf, type World } from '../../support/console-scenarios';

/** How often each chart was drawn, by its label. */
const drawn = new Map<string, number>();

vi.mock('recharts', () => {
  const chart = (props: { 'aria-label': string; children: ReactNode }) => {
    drawn.set(props['aria-label'], (drawn.get(props['aria-label']) ?? 0) + 1);
    return null;
  };
  const none = () => null;
  return {
    AreaChart: chart,
    LineChart: chart,
    Area: none,
    Line: none,
    CartesianGrid: none,
    Tooltip: none,
    XAxis: none,
    YAxis: none,
    useActiveTooltipLabel: () => undefined,
  };
});

const NOW = 1_764_000_000_000;
const world: World = { scenario: 'busy', modes: new Map(), traffic: true };
const CHARTS = 5;

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
    />
  );
}

test('charts are drawn when their data comes, and not when anything else does', () => {
  const overview = overviewOf(world, 'all', '1m', NOW);
  const page = render(<Panel overview={overview} chosen={null} />);
  expect([...drawn.values()]).toEqual(Array<number>(CHARTS).fill(1));

  // Another state of services, another instance: the same samples.
  page.rerender(<Panel overview={{ ...overview, services: [], instances: [] }} chosen={null} />);
  // A change that is chosen, and one that is told.
  page.rerender(<Panel overview={overview} chosen="x" />);
  page.rerender(<Panel overview={{ ...overview, changes: [...overview.changes] }} chosen="x" />);
  expect([...drawn.values()]).toEqual(Array<number>(CHARTS).fill(1));

  const next = foldTick(overview, tickOf(world, 'all', '1m', NOW + 1_000)).overview;
  page.rerender(<Panel overview={next} chosen="x" />);
  expect([...drawn.values()]).toEqual(Array<number>(CHARTS).fill(2));
});
