import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { GatewayEvent, RequestRecord } from '../../../lib/contracts/control.ts';
import { createRedactor } from '../../../lib/kernel/redact.ts';
import { createRecords } from '../../../lib/gateway/records.ts';
import { silentLogger } from '../../../lib/kernel/logger.ts';
import { eventually } from '../../support/eventually.ts';
import { openGateway } from '../../support/gateway.ts';
import { ask } from '../../support/raw-client.ts';
import { scriptedOrigin } from '../../support/scripted-origin.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pitwall-records-'));
  file = join(folder, 'access.log');
});

afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const record = { id: 'r', path: '/' } as RequestRecord;
const paths = (name: string): string[] =>
  readFileSync(name, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as RequestRecord).path);

it('wants nothing while nobody listens, batches while somebody does, and says what it dropped', async () => {
  vi.useFakeTimers();
  const events: GatewayEvent[] = [];
  const records = createRecords({
    settings: undefined,
    redactor: createRedactor(),
    random: Math.random,
    logger: silentLogger,
    emit: (event) => events.push(event),
  });
  expect(records.sink).toBeUndefined();
  records.tail(true);
  records.tail(true);
  for (let i = 0; i < 510; i++) records.sink?.(record);
  vi.advanceTimersByTime(100);
  expect(events).toMatchObject([{ type: 'requests', dropped: 10, records: { length: 500 } }]);
  vi.advanceTimersByTime(1_000);
  expect(events).toHaveLength(1);
  records.tail(false);
  expect(records.sink).toBeUndefined();
  records.reopen();
  await records.close();
});

it('a gateway writes its access log, goes on in a new file after a rotation, and leaves nothing behind at the end', async () => {
  const origin = await scriptedOrigin();
  const gateway = await openGateway(origin.url, { gateway: { accessLog: { file } } });
  for (let i = 0; i < 3; i++) await ask(gateway.port, '/one');
  await ask(gateway.port, '/one', { method: 'POST' });
  await eventually(() => expect(paths(file)).toHaveLength(4));
  renameSync(file, `${file}.1`);
  await gateway.gateway.command({ type: 'reopen-log' });
  await eventually(() => expect(paths(file)).toEqual([]));
  await ask(gateway.port, '/two');
  await gateway.close();
  expect(paths(file)).toEqual(['/two']);
  expect(paths(`${file}.1`)).toHaveLength(4);
  await origin.close();
});

it('hides secret parameters from the file and the tail alike, and names that a reload adds', async () => {
  vi.useFakeTimers();
  const events: GatewayEvent[] = [];
  const redactor = createRedactor();
  const records = createRecords({
    settings: { file, sample: 1 },
    redactor,
    random: Math.random,
    logger: silentLogger,
    emit: (event) => events.push(event),
  });
  records.tail(true);
  records.sink?.({ ...record, path: '/a?token=s3cr3t&customer=7' });
  await vi.advanceTimersByTimeAsync(100);
  redactor.configure(['Customer']);
  records.sink?.({ ...record, path: '/a?token=s3cr3t&customer=7' });
  await vi.advanceTimersByTimeAsync(100);
  vi.useRealTimers();
  await records.close();
  const shown = events.flatMap((event) => (event.type === 'requests' ? event.records.map(({ path }) => path) : []));
  const expected = ['/a?token=[redacted]&customer=7', '/a?token=[redacted]&customer=[redacted]'];
  expect(shown).toEqual(expected);
  expect(paths(file)).toEqual(expected);
});
