import { AsyncLocalStorage } from 'node:async_hooks';

const ids = new AsyncLocalStorage<string>();

/**
 * Runs `work`, and all that it starts, under an id that its log lines carry. For the console and its jobs: a gateway's
 * requests don't pay for it.
 */
export function correlated<T>(id: string, work: () => T): T {
  return ids.run(id, work);
}

/** The id of the request or job under way; undefined where there's none. */
export const correlationId = (): string | undefined => ids.getStore();
