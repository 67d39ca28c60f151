import { EventEmitter } from 'node:events';
import type { Socket } from 'socket.io-client';
import { expect, test } from 'vitest';
import { createLiveChannel } from '@/hooks/live-channel';
import { ANY_REQUEST, type TailBatch } from '@/lib/contracts/tail';

/** A socket that keeps what is sent, and is connected when it's told to be. */
class FakeSocket extends EventEmitter {
  connected = false;
  readonly sent: unknown[][] = [];
  answer: object = { ok: true };

  connect(): void {
    this.connected = true;
    super.emit('connect');
  }

  override emit(event: string, ...args: unknown[]): boolean {
    this.sent.push([event, ...args.filter((arg) => typeof arg !== 'function')]);
    const ack = args.at(-1);
    if (typeof ack === 'function') (ack as (answer: object) => void)(this.answer);
    return true;
  }

  hear(event: string, message: unknown): void {
    super.emit(event, message);
  }
}

function scene() {
  const channel = createLiveChannel();
  const socket = new FakeSocket();
  const attach = (): (() => void) => channel.attach(socket as unknown as Socket);
  const batches: TailBatch[] = [];
  const answers: (string | null)[] = [];
  const wish = (text = '') => ({
    filter: { ...ANY_REQUEST, text },
    onBatch: (batch: TailBatch) => batches.push(batch),
    onAnswer: (problem: string | null) => answers.push(problem),
  });
  return { channel, socket, attach, batches, answers, wish };
}
const turn = () => new Promise((resolve) => setTimeout(resolve));

test('asks once it’s connected, and again after every reconnection', () => {
  const { channel, socket, attach, answers, wish } = scene();
  channel.tail(wish('a'));
  attach();
  expect(socket.sent).toEqual([]);
  socket.connect();
  socket.connect();
  expect(socket.sent).toEqual([
    ['tail', { ...ANY_REQUEST, text: 'a' }],
    ['tail', { ...ANY_REQUEST, text: 'a' }],
  ]);
  expect(answers).toEqual([null, null]);
});

test('a wish that replaces another doesn’t end the stream; the last one that ends does', async () => {
  const { channel, socket, attach, wish } = scene();
  attach();
  socket.connect();
  const endFirst = channel.tail(wish('a'));
  endFirst();
  const endSecond = channel.tail(wish('b'));
  await turn();
  expect(socket.sent.map(([event]) => event)).toEqual(['tail', 'tail']);
  endFirst();
  endSecond();
  await turn();
  expect(socket.sent.map(([event]) => event)).toEqual(['tail', 'tail', 'untail']);
});

test('hands on lines that keep the contract while somebody wants them, and refusals in words', async () => {
  const { channel, socket, attach, batches, answers, wish } = scene();
  attach();
  socket.connect();
  socket.answer = { code: 'too_many_requests', detail: 'Too many filters.' };
  const end = channel.tail(wish());
  expect(answers).toEqual(['Too many filters.']);
  socket.hear('requests', { records: [], dropped: 3 });
  socket.hear('requests', { lines: 'odd' });
  end();
  await turn();
  socket.hear('requests', { records: [], dropped: 4 });
  expect(batches).toEqual([{ records: [], dropped: 3 }]);
});

test('a socket that is taken away isn’t asked any more', () => {
  const { channel, socket, attach, wish } = scene();
  const detach = attach();
  socket.connect();
  detach();
  channel.tail(wish());
  expect(socket.sent).toEqual([]);
});
