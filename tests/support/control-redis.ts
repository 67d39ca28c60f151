import { once } from 'node:events';
import { Redis } from 'ioredis';
import type { ControlRedis } from '../../lib/gateway/control-bus.ts';

/** The two connections of a process, ready; they come back by themselves. */
export async function controlRedis(url: string): Promise<ControlRedis & { close(): void }> {
  const open = (): Redis =>
    new Redis(url, {
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      commandTimeout: 500,
      retryStrategy: () => 50,
    }).on('error', () => undefined);
  const [commands, subscriber] = [open(), open()];
  await Promise.all([once(commands, 'ready'), once(subscriber, 'ready')]);
  return {
    commands,
    subscriber,
    close() {
      commands.disconnect();
      subscriber.disconnect();
    },
  };
}
