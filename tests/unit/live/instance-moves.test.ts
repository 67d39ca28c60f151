import { expect, it } from 'vitest';
import type { InstanceState } from '../../../lib/contracts/overview.ts';
import { createInstanceMoves } from '../../../lib/live/instance-moves.ts';

function scene() {
  const said: string[] = [];
  const moves = createInstanceMoves({
    put: ({ tone, title, detail, instance }) => said.push([tone, title, detail ?? '', instance].join('|')),
    newId: () => 'id',
  });
  return (...workers: [name: string, state?: 'ok' | 'missing', startedAt?: number][]): string[] => {
    const states = workers.map(([name, state = 'ok', startedAt = 0]) => {
      const [instance, worker] = name.split('/');
      return { instance, worker: Number(worker), state, startedAt } as InstanceState;
    });
    moves.look(states, 1);
    return said.splice(0);
  };
}

it('the first look tells nothing, nor does one at nothing', () => {
  const look = scene();
  expect(look()).toEqual([]);
  expect(look(['a/0'], ['b/0', 'missing'])).toEqual([]);
  expect(look(['a/0'], ['b/0', 'missing'])).toEqual([]);
});

it('tells of an instance that joins, goes silent worker by worker, comes back and leaves', () => {
  const look = scene();
  look(['a/0']);
  expect(look(['a/0'], ['b/0'], ['b/1'])).toEqual(['good|b joined|2 workers.|b']);
  expect(look(['a/0'], ['b/0', 'missing'], ['b/1'])).toEqual(['watch|b doesn’t answer|1 of 2 workers.|b']);
  expect(look(['a/0'], ['b/0', 'missing'], ['b/1', 'missing'])).toEqual(['bad|b doesn’t answer||b']);
  expect(look(['a/0'], ['b/0', 'missing'], ['b/1', 'ok', 5])).toEqual([
    'good|b is back|It started again. 1 of 2 workers still don’t answer.|b',
  ]);
  expect(look(['a/0'], ['b/0'], ['b/1', 'ok', 5])).toEqual(['good|b is back||b']);
  expect(look(['a/0'])).toEqual(['neutral|b left||b']);
});

it('forgets in silence one that was missing altogether, and hears of none that never answered', () => {
  const look = scene();
  look(['a/0'], ['b/0', 'missing']);
  expect(look(['a/0'])).toEqual([]);
  expect(look(['a/0'], ['c/0', 'missing'])).toEqual([]);
});

it('tells of workers that were replaced in between', () => {
  const look = scene();
  look(['a/0'], ['a/1']);
  expect(look(['a/0'], ['a/1', 'ok', 9])).toEqual(['watch|a started again|2 workers.|a']);
});
