import { describe, expect, it } from 'vitest';
import type { GatewayEvent } from '../../../lib/contracts/control.ts';
import { createChangeLog } from '../../../lib/live/changes.ts';
import { createGatewayMoves } from '../../../lib/live/gateway-moves.ts';
import { SAME_GROUPS_MS } from '../../../lib/live/group-moves.ts';

function scene() {
  const log = createChangeLog();
  let ids = 0;
  const moves = createGatewayMoves({ put: (change) => log.put(change), newId: () => `id-${++ids}` });
  const tell = (event: Partial<Extract<GatewayEvent, { type: 'groups-cleared' }>>, worker = 0): void => {
    const groups = {
      type: 'groups-cleared',
      service: 'shop',
      origin: 'http://a',
      groups: ['g'],
      clears: 1,
      at: 0,
    } as const;
    moves.tell({ ...groups, ...event }, { instance: 'a', worker, workers: 2 });
  };
  return { tell, changes: () => log.list({ limit: 100 }).changes.reverse() };
}

describe('clears that origins ask for', () => {
  it('are one change of their service within a minute, whoever tells it', () => {
    const { tell, changes } = scene();
    tell({ at: 1_000 });
    expect(changes()).toEqual([
      {
        id: 'id-1',
        at: 1_000,
        kind: 'clear',
        service: 'shop',
        tone: 'neutral',
        title: 'Groups cleared by the origin',
        detail: 'Answers named in Cache-Group-Invalidation: g of http://a. One clear.',
        instance: null,
        jobId: null,
      },
    ]);
    tell({ at: 1_000 + SAME_GROUPS_MS, groups: ['g', 'h'], clears: 2 }, 1);
    tell({ at: 1_000, service: 'chat' });
    expect(changes().map(({ id, detail }) => [id, detail])).toEqual([
      ['id-1', 'Answers named in Cache-Group-Invalidation: g of http://a, h of http://a. 3 clears within a minute.'],
      ['id-2', expect.stringContaining('One clear.')],
    ]);
    tell({ at: 1_001 + SAME_GROUPS_MS });
    expect(changes()).toHaveLength(3);
  });

  it('name few of many, and what was cleared whole', () => {
    const { tell, changes } = scene();
    const groups = Array.from({ length: 9 }, (_, n) => `g${n}`);
    tell({ groups, clears: 40 });
    tell({ groups: [] });
    tell({ origin: null, groups: [] });
    const [change] = changes();
    expect(change?.detail).toContain('g8 of http://a, so many that all of http://a was cleared. 42 clears');
    const other = scene();
    other.tell({ origin: null, groups: [] });
    expect(other.changes()[0]?.detail).toContain('so many that all of the service was cleared');
  });
});
