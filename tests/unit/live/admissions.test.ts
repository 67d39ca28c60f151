import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { manualClock } from '../../../lib/kernel/clock.ts';
import { createAdmissions } from '../../../lib/live/admissions.ts';
import { manualTimers } from '../../support/jobs.ts';

function scene() {
  const timers = manualTimers(manualClock());
  const gone = new Set<string>();
  let down = false;
  const closed: string[] = [];
  const admissions = createAdmissions(
    (request) =>
      down
        ? Promise.reject(new Error('away'))
        : Promise.resolve(!gone.has((request as unknown as { who: string }).who)),
    timers.after,
  );
  const connection = (who: string) => ({
    request: { who } as unknown as IncomingMessage,
    close: () => void closed.push(who),
  });
  return { timers, gone, closed, admissions, connection, fail: (now: boolean) => (down = now) };
}

it('closes who may not stay: within 5 s, or as soon as it’s looked', async () => {
  const { timers, gone, closed, admissions, connection } = scene();
  const bo = connection('bo');
  for (const each of [connection('ada'), bo, connection('cy')]) admissions.add(each);
  await timers.pass(20_000);
  expect(closed).toEqual([]);
  gone.add('ada');
  await timers.pass(5_000);
  expect(closed).toEqual(['ada']);
  gone.add('bo').add('cy');
  admissions.remove(bo);
  await admissions.recheck();
  expect(closed).toEqual(['ada', 'cy']);
  await timers.pass(20_000);
  expect(closed).toHaveLength(2);
});

it('leaves everybody while it can’t be told, and looks no more once it’s closed', async () => {
  const { timers, gone, closed, admissions, connection, fail } = scene();
  admissions.add(connection('ada'));
  gone.add('ada');
  fail(true);
  await timers.pass(20_000);
  fail(false);
  admissions.close();
  await timers.pass(20_000);
  expect(closed).toEqual([]);
});
