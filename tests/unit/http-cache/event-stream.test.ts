import { expect, it } from 'vitest';
import { isEventStream } from '../../../lib/http-cache/event-stream.ts';

it.each([
  ['text/event-stream', true],
  ['Text/Event-Stream; charset=utf-8', true],
  [' text/event-stream;charset=utf-8', true],
  ['text/event-streams', false],
  ['application/text/event-stream', false],
  ['text/plain', false],
])('knows an event stream by its type: %s', (type, expected) => {
  expect(isEventStream(['Server', 'x', 'CONTENT-TYPE', type])).toBe(expected);
});

it('takes a response without a type for none', () => {
  expect(isEventStream([])).toBe(false);
});
