import { expect, test } from 'vitest';
import { foldChange } from '@/hooks/fold-change';
import { mergeChanges } from '@/hooks/use-changes';
import { OVERVIEW_CHANGES, type Change } from '@/lib/contracts/changes';
import type { Overview } from '@/lib/contracts/overview';

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
const overview = (changes: Change[], service = 'all') => ({ service, changes, range: '5m' }) as unknown as Overview;
const ids = ({ changes }: Pick<Overview, 'changes'>) => changes.map(({ id }) => id);

test('a change takes its place in time, and replaces what it was before', () => {
  const held = overview([change('c', 30), change('a', 10)]);
  expect(ids(foldChange(held, change('b', 20)))).toEqual(['c', 'b', 'a']);
  expect(ids(foldChange(held, change('z', 0)))).toEqual(['c', 'a', 'z']);
  const newer = foldChange(held, change('a', 10, { title: 'more' }));
  expect(ids(newer)).toEqual(['c', 'a']);
  expect(newer.changes[1]?.title).toBe('more');
});

test('an overview of a service leaves out what concerns another', () => {
  const held = overview([], 'chat');
  expect(foldChange(held, change('x', 1, { service: 'search' }))).toBe(held);
  expect(ids(foldChange(held, change('x', 1, { service: 'chat' })))).toEqual(['x']);
  expect(ids(foldChange(held, change('x', 1)))).toEqual(['x']);
});

test('a window that stands still takes only what lies in it', () => {
  const held = { ...overview([]), range: null, from: 10, to: 20 };
  expect(foldChange(held, change('x', 10))).toBe(held);
  expect(foldChange(held, change('x', 21))).toBe(held);
  expect(ids(foldChange(held, change('x', 20)))).toEqual(['x']);
});

test('an overview carries so many changes, the newest', () => {
  const full = overview(Array.from({ length: OVERVIEW_CHANGES }, (_, i) => change(String(i), 1_000 - i)));
  const next = foldChange(full, change('new', 2_000));
  expect(next.changes).toHaveLength(OVERVIEW_CHANGES);
  expect(ids(next).slice(0, 2)).toEqual(['new', '0']);
});

test('older changes join the overview’s, which say more', () => {
  const newest = [change('b', 20, { title: 'newer' })];
  expect(mergeChanges(newest, [])).toBe(newest);
  expect(mergeChanges(newest, [change('c', 30), change('b', 20), change('a', 10)])).toMatchObject([
    { id: 'c' },
    { id: 'b', title: 'newer' },
    { id: 'a' },
  ]);
});
