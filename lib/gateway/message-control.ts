import type { MessagePort } from 'node:worker_threads';
import type {
  GatewayCommand,
  GatewayControl,
  GatewayEvent,
  GatewaySnapshot,
  GatewayTopic,
} from '../contracts/control.ts';
import { asPitwallError, PitwallError, type ErrorCode } from '../kernel/errors.ts';
import type { Gateway } from './gateway.ts';

/** GatewayControl over a MessagePort: what goes to the worker, and what comes back. */
type Request =
  | { readonly id: number; readonly ask: 'snapshot' }
  | { readonly id: number; readonly ask: 'command'; readonly command: GatewayCommand }
  | { readonly ask: 'listen'; readonly topic: GatewayTopic; readonly on: boolean };
type Reply =
  | { readonly id: number; readonly value: GatewaySnapshot | undefined }
  | { readonly id: number; readonly error: { readonly code: ErrorCode; readonly message: string } }
  | { readonly event: GatewayEvent };

/** How long an answer may take, ms; a drain has its grace on top. */
const DEADLINE_MS = 5_000;

/** The console's end. Asks nothing after `port` has closed: then every call rejects with `gateway_unavailable`. */
export function createMessageControl(port: MessagePort): GatewayControl {
  const waiting = new Map<number, { resolve(value: GatewaySnapshot | undefined): void; reject(error: Error): void }>();
  const listeners = new Map<GatewayTopic, Set<(event: GatewayEvent) => void>>();
  let ids = 0;
  let closed = false;

  port.on('message', (reply: Reply) => {
    if ('event' in reply) {
      for (const listener of listeners.get(reply.event.type) ?? []) listener(reply.event);
      return;
    }
    const call = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ('error' in reply) call?.reject(new PitwallError(reply.error.code, reply.error.message));
    else call?.resolve(reply.value);
  });
  port.on('close', () => {
    closed = true;
    for (const call of waiting.values())
      call.reject(new PitwallError('gateway_unavailable', 'The gateway worker has ended.'));
    waiting.clear();
  });

  function ask(
    request: { ask: 'snapshot' } | { ask: 'command'; command: GatewayCommand },
    ms: number,
  ): Promise<GatewaySnapshot | undefined> {
    if (closed) return Promise.reject(new PitwallError('gateway_unavailable', 'The gateway worker has ended.'));
    const id = ++ids;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        waiting.delete(id);
        reject(new PitwallError('gateway_unavailable', `The gateway didn't answer within ${ms} ms.`));
      }, ms);
      waiting.set(id, {
        resolve(value) {
          clearTimeout(late);
          resolve(value);
        },
        reject(error) {
          clearTimeout(late);
          reject(error);
        },
      });
      port.postMessage({ id, ...request } satisfies Request);
    });
  }

  return {
    snapshot: () => ask({ ask: 'snapshot' }, DEADLINE_MS) as Promise<GatewaySnapshot>,
    async command(command) {
      await ask({ ask: 'command', command }, DEADLINE_MS + (command.type === 'drain' ? command.graceMs : 0));
    },
    subscribe(topic, listener) {
      const set = listeners.get(topic) ?? new Set();
      listeners.set(topic, set);
      set.add(listener);
      if (set.size === 1) port.postMessage({ ask: 'listen', topic, on: true } satisfies Request);
      return () => {
        if (!set.delete(listener) || set.size > 0 || closed) return;
        port.postMessage({ ask: 'listen', topic, on: false } satisfies Request);
      };
    },
  };
}

/** The worker's end: answers for `gateway`, and sends the events that somebody listens to. */
export function serveMessageControl(port: MessagePort, gateway: Gateway): void {
  const topics = new Set<GatewayTopic>();
  gateway.events.on((event) => {
    if (topics.has(event.type)) port.postMessage({ event } satisfies Reply);
  });
  port.on('message', (request: Request) => {
    if (request.ask === 'listen') {
      if (request.on) topics.add(request.topic);
      else topics.delete(request.topic);
      if (request.topic === 'requests') gateway.tail(request.on);
      return;
    }
    const { id } = request;
    const done =
      request.ask === 'snapshot' ? gateway.snapshot() : gateway.command(request.command).then(() => undefined);
    done.then(
      (value) => port.postMessage({ id, value } satisfies Reply),
      (cause: unknown) => {
        const { code, message } = asPitwallError(cause);
        port.postMessage({ id, error: { code, message } } satisfies Reply);
      },
    );
  });
}
