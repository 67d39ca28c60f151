import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../../../lib/kernel/clock.ts';
import { PitwallError } from '../../../../lib/kernel/errors.ts';
import {
  answerCall,
  createCalls,
  type CallMessage,
  type ReplyMessage,
} from '../../../../lib/storage/database/calls.ts';
import { manualTimers } from '../../../support/jobs.ts';

const api = {
  sum: (a: number, b: number) => Promise.resolve(a + b),
  refuse: () => Promise.reject(new PitwallError('conflict', 'No.')),
  never: () => new Promise<never>(() => undefined),
  slow: () => new Promise<never>(() => undefined),
  uncloneable: () => Promise.resolve(() => 1),
};

describe('calls over a port', () => {
  let close = (): void => {};
  afterEach(() => close());

  function scene(maxPending = 10) {
    const { port1, port2 } = new MessageChannel();
    const timers = manualTimers(manualClock());
    const calls = createCalls<typeof api>({
      to: port1,
      deadlineMs: (method) => (method === 'slow' ? 500 : 100),
      maxPending,
      after: timers.after,
    });
    port1.on('message', (message: ReplyMessage) => calls.reply(message));
    port2.on('message', (message: CallMessage) => void answerCall(api, message, port2));
    close = () => port1.close();
    return { calls, timers };
  }

  it('bring answers and errors back, by code', async () => {
    const { calls } = scene();
    expect(await Promise.all([calls.call('sum', 1, 2), calls.call('sum', 3, 4)])).toEqual([3, 7]);
    await expect(calls.call('refuse')).rejects.toMatchObject({ code: 'conflict', message: 'No.' });
    await expect(calls.call('uncloneable')).rejects.toMatchObject({ code: 'internal' });
    await expect(calls.call('gone' as 'never')).rejects.toMatchObject({ message: 'The database knows no gone.' });
  });

  it('have a deadline; a reply that comes later is dropped', async () => {
    const { calls, timers } = scene();
    const late = calls.call('never');
    const refused = expect(late).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: "The database didn't answer within 100 ms.",
    });
    await timers.pass(100);
    await refused;
    const slow = calls.call('slow');
    const refusedLater = expect(slow).rejects.toMatchObject({ message: "The database didn't answer within 500 ms." });
    await timers.pass(500);
    await refusedLater;
    calls.reply({ reply: 1, value: 5 });
    calls.reply({ reply: 1, failed: { code: 'internal', message: 'late' } });
  });

  it('are bounded, and end with the other side', async () => {
    const { calls } = scene(2);
    const waiting = [calls.call('never'), calls.call('never')];
    await expect(calls.call('sum', 1, 1)).rejects.toThrow('2 calls wait for the database already.');
    calls.close('It has ended.');
    for (const call of [...waiting, calls.call('sum', 1, 1)])
      await expect(call).rejects.toMatchObject({ code: 'storage_unavailable', message: 'It has ended.' });
  });
});
