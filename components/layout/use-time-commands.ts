'use client';

import { RANGES, rangeSchema, type Range } from '@/lib/contracts/overview';
import type { Command } from '@/hooks/commands';
import { shiftTime, togglePause, zoomOut } from '@/hooks/time-moves';
import { useCommands } from '@/hooks/use-commands';
import type { View } from '@/hooks/view';

const RANGE_KEY: Readonly<Record<Range, string>> = { '1m': '1', '5m': '5', '15m': 'f', '30m': 'h' };

/** The commands that choose what time is looked at, on a page that shows one. */
export function useTimeCommands(timed: boolean, view: View, change: (part: Partial<View>) => void): void {
  const { time, paused } = view;
  const still = paused || time.kind === 'window';
  const ranges = rangeSchema.options.map((range): Command => ({
    id: `range ${range}`,
    group: 'Time',
    title: `Show the last ${RANGES[range] / 60} min`,
    words: 'range',
    keys: [RANGE_KEY[range]],
    run: () => change({ time: { kind: 'live', range } }),
  }));
  const commands: Command[] = [
    {
      id: 'pause',
      group: 'Time',
      title: still ? 'Live: jump back to now' : 'Pause: hold this moment',
      words: 'live pause resume',
      keys: ['p', 'Space'],
      run: () => change(togglePause(view)),
    },
    ...ranges,
    {
      id: 'earlier',
      group: 'Time',
      title: 'Earlier, by what is shown',
      words: 'shift back past',
      keys: ['['],
      run: () => change({ time: shiftTime(time, Date.now(), -1) }),
    },
    {
      id: 'later',
      group: 'Time',
      title: 'Later, by what is shown',
      words: 'shift forward',
      keys: [']'],
      run: () => change({ time: shiftTime(time, Date.now(), 1) }),
    },
    {
      id: 'zoom out',
      group: 'Time',
      title: 'Zoom out: twice as long',
      words: 'range wider',
      keys: ['z'],
      run: () => change({ time: zoomOut(time, Date.now()) }),
    },
    { id: 'crosshair', group: 'Time', title: 'In a chart: move the crosshair', keys: ['ArrowLeft', 'ArrowRight'] },
  ];
  useCommands(timed ? commands : []);
}
