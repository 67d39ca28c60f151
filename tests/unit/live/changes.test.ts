import { describe, expect, it } from 'vitest';
import { changeListQuerySchema, type Change } from '../../../lib/contracts/changes.ts';
import { KEPT_CHANGES, createChangeLog } from '../../../lib/live/changes.ts';

const change = (id: string, at: number, part: Partial<Change> = {}): Change => ({
  id,
  at,
  kind: 'mode',
  service: null,
  tone: 'neutral',
  title: id,
  detail: null,
  instance: null,
  jobId: null,
  ...part,
});

function scene(most?: number) {
  const log = createChangeLog(most);
  const told: string[] = [];
  log.events.on(({ id, title }) => told.push(`${id} ${title}`));
  const list = (query: Record<string, string> = {}) => log.list(changeListQuerySchema.parse(query));
  return { log, told, list, ids: (query?: Record<string, string>) => list(query).changes.map(({ id }) => id) };
}

describe('the log of changes', () => {
  it('is in order of time, the newest first, in whatever order they are told', () => {
    const { log, ids } = scene();
    log.put(change('b', 20));
    log.put(change('a', 10));
    log.put(change('d', 30));
    log.put(change('c', 20));
    expect(ids()).toEqual(['d', 'c', 'b', 'a']);
  });

  it('begins anew, and still finds by its id what was before', () => {
    const { log, ids } = scene();
    log.put(change('a', 10));
    log.put(change('b', 20));
    log.startAnew(20.9);
    expect(ids()).toEqual(['b']);
    expect(ids({ from: '1' })).toEqual(['b']);
    expect(log.find('a').at).toBe(10);
  });

  it('replaces a change by its newer form, in its place, and tells both', () => {
    const { log, told, list } = scene();
    log.put(change('a', 10.7));
    log.put(change('b', 20));
    log.put(change('a', 99, { title: 'more' }));
    expect(list().changes).toMatchObject([{ id: 'b' }, { id: 'a', at: 10, title: 'more' }]);
    expect(told).toEqual(['a a', 'b b', 'a more']);
  });

  it('finds one by its id, in its newest form, as long as it is kept', () => {
    const { log } = scene(2);
    log.put(change('a', 10));
    log.put(change('a', 10, { title: 'more' }));
    expect(log.find('a').title).toBe('more');
    log.put(change('b', 20));
    log.put(change('c', 30));
    expect(() => log.find('a')).toThrow(expect.objectContaining({ code: 'not_found' }));
  });

  it('keeps so many, without the oldest', () => {
    const { log, ids } = scene(3);
    for (const [i, id] of ['a', 'b', 'c'].entries()) log.put(change(id, i));
    expect(ids()).toEqual(['c', 'b', 'a']);
    log.put(change('d', 4));
    expect(ids()).toEqual(['d', 'c', 'b']);
    // Older than all that is kept: there's no room for it.
    log.put(change('z', -1));
    expect(ids()).toEqual(['d', 'c', 'b']);
    const whole = createChangeLog();
    for (let i = 0; i <= KEPT_CHANGES; i++) whole.put(change(String(i), i));
    expect(whole.list({ limit: 2_000 }).changes).toHaveLength(KEPT_CHANGES);
  });

  it('tells nothing of what it doesn’t keep: a change older than all, or a newer form of one that made room', () => {
    const { log, told, ids } = scene(2);
    for (const [i, id] of ['a', 'b', 'c'].entries()) log.put(change(id, i));
    told.length = 0;
    log.put(change('z', -1));
    log.put(change('a', 0, { title: 'confirmed late' }));
    expect(told).toEqual([]);
    expect(ids()).toEqual(['c', 'b']);
    log.put(change('b', 9, { title: 'confirmed late' }));
    expect(told).toEqual(['b confirmed late']);
  });

  it('is asked by service, kind and time', () => {
    const { log, ids } = scene();
    log.put(change('all', 10));
    log.put(change('chat', 20, { service: 'chat', kind: 'breaker' }));
    log.put(change('search', 30, { service: 'search', kind: 'clear' }));
    expect(ids({ service: 'chat' })).toEqual(['chat', 'all']);
    expect(ids({ service: 'all' })).toEqual(['search', 'chat', 'all']);
    expect(ids({ kind: 'breaker,clear' })).toEqual(['search', 'chat']);
    expect(ids({ from: '20', to: '29' })).toEqual(['chat']);
    expect(() => ids({ kind: 'nonsense' })).toThrow();
  });

  it('is paged by a cursor that a dropped change doesn’t break', () => {
    const { log, list } = scene(5);
    for (let i = 0; i < 5; i++) log.put(change(String(i), i < 3 ? 7 : 9));
    const first = list({ limit: '2' });
    expect(first.changes.map(({ id }) => id)).toEqual(['4', '3']);
    const second = list({ limit: '2', after: first.next ?? '' });
    expect(second.changes.map(({ id }) => id)).toEqual(['2', '1']);
    log.put(change('new', 10));
    log.put(change('newer', 11));
    expect(list({ limit: '2', after: first.next ?? '' }).changes.map(({ id }) => id)).toEqual(['2']);
    expect(list({ limit: '5' }).next).toBeNull();
    expect(() => list({ after: 'tomorrow' })).toThrow(expect.objectContaining({ code: 'validation_failed' }));
  });
});
