// Gateway workers as the product runs them: `node bench/peers/gateway.ts ORIGIN-URL [--workers N] [--data DIRECTORY]`,
// with DIRECTORY also the storage thread. The message 'snapshot' is answered with the first one's; `{ clears }`, drafts
// of clears, with the ms that they took together until every worker had followed; `{ fill }` writes so many entries
// into L3 behind the gateways' back.
import { parseArgs } from 'node:util';
import type { ClearDraft } from '../../lib/cache/clear-record.ts';
import { makeEntry } from '../../lib/cache/entry.ts';
import { createDiskLevel } from '../../lib/cache/stores/disk-level.ts';
import { createTimebase } from '../../lib/cache/timebase.ts';
import { upstreamConfig } from '../../lib/config/resolve.ts';
import { realmOf } from '../../lib/gateway/realm.ts';
import { startGateway, type GatewayThread } from '../../lib/gateway/thread.ts';
import { systemClock } from '../../lib/kernel/clock.ts';
import { silentLogger } from '../../lib/kernel/logger.ts';
import { startDisk, type DiskThread } from '../../lib/storage/disk-thread.ts';

type Question = 'snapshot' | { readonly clears: readonly ClearDraft[] } | { readonly fill: number };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { workers: { type: 'string' }, data: { type: 'string' } },
});
const workers = Number(values.workers ?? 1);
const config = upstreamConfig(positionals[0] ?? '', 0);
const disk =
  values.data === undefined
    ? undefined
    : await startDisk({
        directory: values.data,
        budgetBytes: 4 * config.gateway.disk,
        clears: config.gateway.clears,
        logger: silentLogger,
      });
const threads: GatewayThread[] = [];
for (let worker = 0; worker < workers; worker += 1) {
  threads.push(
    await startGateway({
      config,
      instance: 'bench',
      worker,
      host: '127.0.0.1',
      port: threads[0]?.port ?? 0,
      reusePort: workers > 1,
      ...(disk && { shared: { kind: 'disk', connection: disk.connect(), level: true, keys: [] } }),
    }),
  );
}

async function clear(drafts: readonly ClearDraft[], { clears }: DiskThread): Promise<number> {
  const start = performance.now();
  let number = 0;
  for (const draft of drafts) ({ number } = await clears.append(draft));
  await Promise.all(threads.map(({ control }) => control.command({ type: 'follow-clears', number })));
  return performance.now() - start;
}

/** Entries as the gateway would have stored them, of `/item/1` to `/item/count`. */
async function fill(count: number, to: DiskThread): Promise<number> {
  const timebase = createTimebase(systemClock);
  const level = createDiskLevel({ connection: to.connect(), timebase });
  const [service] = config.services;
  if (service === undefined) throw new Error('no service');
  const now = performance.now();
  const body = Buffer.alloc(100, 'x');
  const host = new URL(threads[0]?.url ?? '').host;
  let under: Promise<unknown>[] = [];
  for (let i = 1; i <= count; i += 1) {
    const entry = makeEntry({
      key: `GET http://${host}/item/${i} realm=${realmOf(service)}`,
      service: service.name,
      vary: [],
      varyValues: [],
      status: 200,
      statusMessage: 'OK',
      headers: ['Content-Type', 'text/plain', 'Content-Length', '100'],
      body,
      partial: undefined,
      tags: ['all'],
      clearNumber: 0,
      storedAt: now,
      ownHeaders: [],
      initialAge: 0,
      responseDelay: 0,
      freshUntil: now + 3_600_000,
      staleWhileRevalidateUntil: now + 3_600_000,
      staleIfErrorUntil: now + 3_600_000,
      mustRevalidate: false,
      forAuthorization: false,
      forCookie: true,
      etag: undefined,
      lastModified: undefined,
    });
    under.push(Promise.resolve(level.write(entry)));
    if (under.length === 1_000) {
      await Promise.all(under);
      under = [];
    }
  }
  await Promise.all(under);
  const { entries } = level.stats();
  level.close();
  return entries;
}

async function answer(question: Question): Promise<unknown> {
  if (question === 'snapshot') return threads[0]?.control.snapshot();
  if (disk === undefined) throw new Error('start it with --data DIRECTORY');
  return 'fill' in question ? fill(question.fill, disk) : clear(question.clears, disk);
}

process.on('message', (question: Question) => void answer(question).then((value) => process.send?.(value)));
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
process.send?.(threads[0]?.url);
