import { MessageChannel } from 'node:worker_threads';
import { afterEach, expect, it, vi } from 'vitest';
import type { GatewayCommand, GatewayEvent, GatewaySnapshot } from '../../../lib/contracts/control.ts';
import type { Gateway } from '../../../lib/gateway/gateway.ts';
import { createMessageControl, serveMessageControl } from '../../../lib/gateway/message-control.ts';
import { createEvents } from '../../../lib/kernel/events.ts';
import { PitwallError } from '../../../lib/kernel/errors.ts';
import { eventually } from '../../support/eventually.ts';

const MODE: GatewayEvent = { type: 'mode', service: 's', from: 'cache', to: 'bypass', at: 1, why: 'w' };

function wire(change: Partial<Gateway> = {}) {
  const { port1, port2 } = new MessageChannel();
  const tails: boolean[] = [];
  const commands: GatewayCommand[] = [];
  const gateway: Gateway = {
    port: 1,
    url: 'http://x',
    events: createEvents<GatewayEvent>(),
    snapshot: () => Promise.resolve({ instance: 'i' } as GatewaySnapshot),
    command(command) {
      commands.push(command);
      return Promise.resolve();
    },
    tail: (on) => void tails.push(on),
    ...change,
  };
  serveMessageControl(port2, gateway);
  close = () => port1.close();
  return { control: createMessageControl(port1), gateway, tails, commands, port1, port2 };
}

let close = (): void => undefined;
afterEach(() => {
  vi.useRealTimers();
  close();
});

it('carries snapshots, commands and their errors', async () => {
  const { control, commands } = wire();
  expect(await control.snapshot()).toEqual({ instance: 'i' });
  await control.command({ type: 'reopen-log' });
  expect(commands).toEqual([{ type: 'reopen-log' }]);
  const failing = wire({ command: () => Promise.reject(new PitwallError('not_found', 'Not there.')) });
  await expect(failing.control.command({ type: 'reopen-log' })).rejects.toMatchObject({
    code: 'not_found',
    message: 'Not there.',
  });
});

it('sends only the topics that somebody listens to, and asks for the tail once', async () => {
  const { control, gateway, tails } = wire();
  const got: string[] = [];
  const ends = [1, 2].map((n) => control.subscribe('requests', () => got.push(`requests ${n}`)));
  await control.snapshot();
  expect(tails).toEqual([true]);
  gateway.events.emit(MODE);
  gateway.events.emit({ type: 'requests', records: [], dropped: 0 });
  await eventually(() => expect(got).toEqual(['requests 1', 'requests 2']));
  for (const end of ends) end();
  await control.snapshot();
  expect(tails).toEqual([true, false]);
});

it('rejects after its deadline when no answer comes, and lives with one that comes late', async () => {
  let answer = (_: GatewaySnapshot): void => undefined;
  const { control } = wire({ snapshot: () => new Promise((resolve) => (answer = resolve)) });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const asked = expect(control.snapshot()).rejects.toMatchObject({ code: 'gateway_unavailable' });
  await vi.advanceTimersByTimeAsync(5_000);
  await asked;
  vi.useRealTimers();
  answer({ instance: 'late' } as GatewaySnapshot);
  await control.command({ type: 'reopen-log' });
});

it('gives a drain its grace on top', async () => {
  const { control } = wire({ command: () => new Promise(() => undefined) });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  let over = false;
  const asked = control.command({ type: 'drain', graceMs: 10_000 }).catch((error: PitwallError) => {
    over = true;
    return error.code;
  });
  await vi.advanceTimersByTimeAsync(14_000);
  expect(over).toBe(false);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await asked).toBe('gateway_unavailable');
});

it('rejects what was asked, and all that will be, once the other end is gone', async () => {
  const { control, port2 } = wire({ snapshot: () => new Promise(() => undefined) });
  const asked = expect(control.snapshot()).rejects.toMatchObject({ code: 'gateway_unavailable' });
  const end = control.subscribe('mode', () => undefined);
  await control.command({ type: 'reopen-log' });
  port2.close();
  await asked;
  await expect(control.snapshot()).rejects.toMatchObject({ code: 'gateway_unavailable' });
  end();
});
