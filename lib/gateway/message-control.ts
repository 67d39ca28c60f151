import type { MessagePort } from 'node:worker_threads';
import type {
  GatewayCommand,
  GatewayControl,
  GatewayEvent,
  GatewaySnapshot,
  GatewayTopic,
  SnapshotWants,
} from '../contracts/control.ts';
import { asPitwallError, PitwallError } from '../kernel/errors.ts';
import { commandDeadline, createCalls, SNAPSHOT_DEADLINE_MS, type Outcome } from './control-calls.ts';
import type { Gateway } from './gateway.ts';
import { createTopicListeners } from './topic-listeners.ts';

/** GatewayControl over a MessagePort: what goes to the worker, and what comes back. */
type Question =
  | { readonly ask: 'snapshot'; readonly wants: SnapshotWants | undefined }
  | { readonly ask: 'command'; readonly command: GatewayCommand };
type Request =
  ({ readonly id: number } & Question) | { readonly ask: 'listen'; readonly topic: GatewayTopic; readonly on: boolean };
type Reply = Outcome | { readonly event: GatewayEvent };

/** The console's end. Asks nothing after `port` has closed: then every call rejects with `gateway_unavailable`. */
export function createMessageControl(port: MessagePort): GatewayControl {
  const calls = createCalls();
  let closed = false;
  const listeners = createTopicListeners((topic, on) => {
    if (!closed) port.postMessage({ ask: 'listen', topic, on } satisfies Request);
  });

  port.on('message', (reply: Reply) => {
    if ('event' in reply) listeners.tell(reply.event);
    else calls.settle(reply);
  });
  port.on('close', () => {
    closed = true;
    calls.failAll('The gateway worker has ended.');
  });

  function ask(question: Question, ms: number): Promise<unknown> {
    if (closed) return Promise.reject(new PitwallError('gateway_unavailable', 'The gateway worker has ended.'));
    return calls.ask(ms, (id) => port.postMessage({ id, ...question } satisfies Request));
  }

  return {
    snapshot: (wants) => ask({ ask: 'snapshot', wants }, SNAPSHOT_DEADLINE_MS) as Promise<GatewaySnapshot>,
    async command(command) {
      await ask({ ask: 'command', command }, commandDeadline(command));
    },
    subscribe: (topic, listener) => listeners.add(topic, listener),
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
      request.ask === 'snapshot'
        ? gateway.snapshot(request.wants)
        : gateway.command(request.command).then(() => undefined);
    done.then(
      (value) => port.postMessage({ id, value } satisfies Reply),
      (cause: unknown) => {
        const { code, message } = asPitwallError(cause);
        port.postMessage({ id, error: { code, message } } satisfies Reply);
      },
    );
  });
}
