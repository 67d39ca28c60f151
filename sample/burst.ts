import { Pool, type Dispatcher } from 'undici';
import type { Clock } from '../lib/kernel/clock.ts';
import type { BurstResult } from './message.ts';

/** Most connections: each needs two file descriptors of this process. Requests beyond wait for one. */
export const BURST_CONNECTIONS = 500;
/** What isn't answered by then has failed, ms. */
const DEADLINE_MS = 12_000;

/** Sends `requests` identical GETs through the gateway at once and tells from the answers what became of them. */
export async function sendBurst({
  gatewayUrl,
  path,
  requests,
  clock,
  deadlineMs = DEADLINE_MS,
  signal,
}: {
  gatewayUrl: string;
  path: string;
  requests: number;
  clock: Clock;
  deadlineMs?: number;
  /** Ends it early: what isn't answered by then has failed. */
  signal?: AbortSignal;
}): Promise<Omit<BurstResult, 'originCalls'>> {
  const connections = Math.min(requests, BURST_CONNECTIONS);
  const pool = new Pool(gatewayUrl, { connections, pipelining: 1 });
  const counts = { answered: 0, failed: 0, coalesced: 0, stored: 0 };

  async function send(): Promise<void> {
    try {
      const { statusCode, headers, body } = await pool.request({
        method: 'GET',
        path,
        headers: { 'user-agent': 'pitwall-sample-burst' },
      });
      await body.dump({ limit: Number.MAX_SAFE_INTEGER });
      if (statusCode >= 200 && statusCode < 300) count(headers);
      else counts.failed += 1;
    } catch {
      counts.failed += 1;
    }
  }

  function count(headers: Dispatcher.ResponseData['headers']): void {
    counts.answered += 1;
    const status = String(headers['cache-status'] ?? '');
    if (/;\s*collapsed\b/.test(status)) counts.coalesced += 1;
    else if (/;\s*hit\b/.test(status)) counts.stored += 1;
  }

  const started = clock.mono();
  const end = (): void => void pool.destroy();
  const timer = setTimeout(end, deadlineMs);
  signal?.addEventListener('abort', end);
  await Promise.all(Array.from({ length: requests }, send));
  clearTimeout(timer);
  signal?.removeEventListener('abort', end);
  const ms = clock.mono() - started;
  await pool.destroy();
  return { path, requests, connections, ...counts, ms };
}
