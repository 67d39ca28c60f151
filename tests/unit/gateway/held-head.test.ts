import { expect, it } from 'vitest';
import type { OriginHead, OriginSink } from '../../../lib/gateway/attempt.ts';
import { holdHead } from '../../../lib/gateway/held-head.ts';
import { PitwallError } from '../../../lib/kernel/errors.ts';

const HEAD: OriginHead = { status: 200, statusMessage: '', headers: [], requestedAt: 0, receivedAt: 0 };

/** An attempt by hand. What the sink gets and what is asked of the attempt, in order; data is refused where it says so. */
function scene(before: () => Promise<void> | undefined, onHead = (): void => undefined) {
  const said: string[] = [];
  let sender: OriginSink | undefined;
  const sink: OriginSink = {
    onInfo: (status) => void said.push(`info ${status}`),
    onHead() {
      said.push('head');
      onHead();
    },
    onData: (chunk) => said.push(String(chunk)) > 0 && String(chunk) !== 'full',
    onEnd: () => void said.push('end'),
    onFail: ({ code }) => void said.push(code),
  };
  const held = holdHead(sink, before, (own) => {
    sender = own;
    return { cancel: () => void said.push('cancel'), resume: () => void said.push('resume') };
  });
  return { said, held, sender: sender as OriginSink };
}

const data = ({ sender }: ReturnType<typeof scene>, text: string): boolean => sender.onData(Buffer.from(text));

it('passes everything on at once where there is nothing to wait for', () => {
  const all = scene(() => undefined);
  all.sender.onInfo(103, []);
  all.sender.onHead(HEAD);
  expect([data(all, 'a'), data(all, 'full')]).toEqual([true, false]);
  all.held.resume();
  all.sender.onEnd([]);
  expect(all.said).toEqual(['info 103', 'head', 'a', 'full', 'resume', 'end']);
});

it('keeps the order of what comes while the head is held, and pauses the sender until then', async () => {
  const gate = Promise.withResolvers<void>();
  const all = scene(() => gate.promise);
  all.sender.onHead(HEAD);
  expect(data(all, 'a')).toBe(false);
  all.held.resume();
  expect(all.said).toEqual([]);
  gate.resolve();
  await gate.promise;
  expect(all.said).toEqual(['head', 'a', 'resume']);
  expect(data(all, 'b')).toBe(true);
});

it.each([
  ['its end', (sender: OriginSink) => sender.onEnd([]), ['head', 'end']],
  [
    'its failure',
    (sender: OriginSink) => sender.onFail(new PitwallError('origin_reset', '')),
    ['head', 'origin_reset'],
  ],
  ['data that is too much', (sender: OriginSink) => sender.onData(Buffer.from('full')), ['head', 'full']],
])('does not ask for more after %s', async (_, event, expected) => {
  const gate = Promise.withResolvers<void>();
  const all = scene(() => gate.promise);
  all.sender.onHead(HEAD);
  event(all.sender);
  gate.resolve();
  await gate.promise;
  expect(all.said).toEqual(expected);
});

it('says nothing more once it is cancelled', async () => {
  const gate = Promise.withResolvers<void>();
  const all = scene(() => gate.promise);
  all.sender.onHead(HEAD);
  data(all, 'a');
  all.held.cancel();
  gate.resolve();
  await gate.promise;
  expect(all.said).toEqual(['cancel']);
});

it('fails with what a sink throws of a head that was held', async () => {
  const gate = Promise.withResolvers<void>();
  const all = scene(
    () => gate.promise,
    () => {
      throw new PitwallError('origin_invalid', '');
    },
  );
  all.sender.onHead(HEAD);
  data(all, 'a');
  gate.resolve();
  await gate.promise;
  expect(all.said).toEqual(['head', 'cancel', 'origin_invalid']);
});
