import { expect, it } from 'vitest';
import { createSharedClears, MAX_UNSEEN } from '../../../lib/cache/clear-sources/shared.ts';
import { SLICE_RECORDS } from '../../../lib/cache/clear-slice.ts';
import { losingLog } from '../../support/losing-log.ts';

const BOUNDS = { names: 2 * MAX_UNSEEN, patterns: 10 };

it('says again what it wrote and nobody read, as far back as it remembers', async () => {
  const remote = losingLog(BOUNDS, () => 0);
  const source = createSharedClears(remote, BOUNDS, () => 0.5);
  const ids: string[] = [];
  for (let i = 0; i <= MAX_UNSEEN; i++) {
    ids.push((await source.append({ scope: { key: `http://a/${i}` }, mode: 'hard' })).id);
  }
  remote.roll();
  await source.head();
  expect(remote.book.since(0).map(({ id }) => id)).toEqual(ids.slice(1));
});

it('says no more in one call than a slice, and gives way before it', async () => {
  const remote = losingLog(BOUNDS, () => 0, 100);
  const calls: number[] = [];
  let turns = 0;
  const counting: typeof remote = Object.assign(Object.create(remote) as typeof remote, {
    mend: (mending: Parameters<typeof remote.mend>[0]) => {
      calls.push(mending.records.length);
      return remote.mend(mending);
    },
  });
  const turn = async (): Promise<void> => void turns++;
  const source = createSharedClears(counting, BOUNDS, () => 0.5, turn);
  for (let i = 0; i < 600; i++) await source.append({ scope: { key: `http://a/${i}` }, mode: 'hard' });
  expect((await source.since(0)).records).toHaveLength(600);
  remote.roll();
  await source.head();
  expect(calls).toEqual([SLICE_RECORDS, SLICE_RECORDS, 600 - 2 * SLICE_RECORDS]);
  expect(turns).toBeGreaterThan(0);
  expect(remote.book.since(0)).toHaveLength(600);
});
