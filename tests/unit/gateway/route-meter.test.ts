import { expect, it } from 'vitest';
import { RouteMeter } from '../../../lib/gateway/route-meter.ts';
import { createStoring } from '../../../lib/gateway/storing.ts';
import { createPortLogger, type LogLine } from '../../../lib/kernel/port-logger.ts';

it('a meter starts at nothing, and names what it counted', () => {
  const meter = new RouteMeter();
  const blank = meter.snapshot('r', ['cookie']);
  expect(blank).toMatchObject({
    route: 'r',
    unsafe: ['cookie'],
    reasons: {},
    statuses: [0, 0, 0, 0, 0],
    hitLatency: [],
  });
  expect(Object.values(blank.results).every((count) => count === 0)).toBe(true);
  meter.countResult('l1');
  meter.countReason('private');
  meter.countReason('private');
  meter.countCall('retry');
  for (const status of [100, 204, 301, 404, 599]) meter.countStatus(status);
  meter.hitLatency.record(1);
  const after = meter.snapshot('r', []);
  expect(after).toMatchObject({
    results: { l1: 1, origin: 0 },
    reasons: { private: 2 },
    originCalls: { retry: 1, fetch: 0 },
    statuses: [1, 1, 1, 1, 1],
  });
  expect(after.hitLatency).toEqual([expect.any(Number), 1]);
  expect(blank.results.l1).toBe(0);
});

it('a key is being stored until as many have left as entered', () => {
  const storing = createStoring();
  const [first, second] = [storing.enter('GET http://a/'), storing.enter('GET http://a/')];
  storing.leave(first);
  storing.leave(first);
  expect([storing.has('GET http://a/'), storing.has('GET http://b/')]).toEqual([true, false]);
  storing.leave(second);
  expect(storing.has('GET http://a/')).toBe(false);
});

it('an unsafe request overtakes what is on its way for its URL, under any key, and nothing else', () => {
  const storing = createStoring();
  const keys = ['GET http://a/', 'GET http://a/ realm=s headers=2,3:x-a,1:1', 'GET http://a/b'];
  const pending = keys.map((key) => storing.enter(key));
  storing.overtake('http://a/');
  expect(pending.map(({ overtaken }) => overtaken)).toEqual([true, true, false]);
  expect(storing.enter('GET http://a/').overtaken).toBe(false);
});

it('log lines cross threads as plain data', () => {
  const lines: LogLine[] = [];
  const logger = createPortLogger((line) => lines.push(structuredClone(line)));
  logger.debug('d');
  logger.info('i', { n: 1 });
  logger.warn('w', { err: new Error('why') });
  const bare = new Error('no stack');
  delete bare.stack;
  logger.error('e', { err: bare });
  expect(lines).toMatchObject([
    { level: 'debug', message: 'd', fields: undefined },
    { level: 'info', fields: { n: 1 } },
    {
      level: 'warn',
      fields: { err: { type: 'Error', message: 'why', stack: expect.stringContaining('why') as string } },
    },
    { level: 'error', fields: { err: { type: 'Error', message: 'no stack' } } },
  ]);
});
