import type { Container } from './container.ts';

export type { Container } from './container.ts';

/**
 * One object on one symbol: a module that is imported by server.ts, by a route and by a page exists three
 * times, but globalThis is one (docs/decisions/0001-one-server.md).
 */
const SYMBOL = Symbol.for('pitwall.container');

const holder = globalThis as typeof globalThis & { [SYMBOL]?: Container };

/** The container of this thread. Never constructs one: throws when server.ts didn't start it. */
export function getContainer(): Container {
  const container = holder[SYMBOL];
  if (container === undefined)
    throw new Error('Pitwall runs through server.ts (npm start); nothing started its container.');
  return container;
}

/** Makes `container` the one that pages and routes reach. Returns the function that takes it back. */
export function publishContainer(container: Container): () => void {
  holder[SYMBOL] = container;
  return () => {
    if (holder[SYMBOL] === container) delete holder[SYMBOL];
  };
}
