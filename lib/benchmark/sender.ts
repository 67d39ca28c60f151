import { Pool } from 'undici';
import type { Clock } from '../kernel/clock.ts';
import { resultOf } from './answered.ts';
import type { Result } from '../contracts/traffic.ts';
import { SCRIPT_HEADER, type ScriptedRequest } from './script.ts';

/** What a client saw of one request. */
export interface Reply {
  readonly status: number;
  readonly result: Result | 'refused';
  /** Body bytes. */
  readonly bytes: number;
  /** From asking to the last byte. */
  readonly ms: number;
}

export interface Sender {
  /** Rejects with the failure of the connection. */
  send(request: ScriptedRequest): Promise<Reply>;
  /** Cuts what is in flight. */
  close(): Promise<void>;
}

/**
 * Asks a gateway over at most `connections` sockets.
 * @param options.scripted whether the origin wants to know what the log says (SCRIPT_HEADER)
 */
export function createSender(options: { url: string; connections: number; scripted: boolean; clock: Clock }): Sender {
  const { url, connections, scripted, clock } = options;
  const pool = new Pool(url, { connections, pipelining: 1, headersTimeout: 60_000, bodyTimeout: 60_000 });

  function headersOf({ status, size, firstBytes }: ScriptedRequest): Record<string, string> {
    const headers: Record<string, string> = { 'user-agent': 'pitwall-replay' };
    if (scripted) headers[SCRIPT_HEADER] = `status=${status}; size=${size}`;
    if (firstBytes !== undefined) headers['range'] = `bytes=0-${firstBytes - 1}`;
    return headers;
  }

  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        const start = clock.mono();
        let status = 0;
        let result: Reply['result'] = 'error';
        let bytes = 0;
        pool.dispatch(
          { method: request.method, path: request.path, headers: headersOf(request) },
          {
            onRequestStart() {
              bytes = 0;
            },
            onResponseStart(_controller, code, headers) {
              status = code;
              const cacheStatus = headers['cache-status'];
              result = resultOf(Array.isArray(cacheStatus) ? cacheStatus.join(',') : cacheStatus);
            },
            onResponseData(_controller, chunk) {
              bytes += chunk.length;
            },
            onResponseEnd() {
              resolve({ status, result, bytes, ms: clock.mono() - start });
            },
            onResponseError(_controller, error) {
              reject(error);
            },
          },
        );
      }),
    close: () => pool.destroy(),
  };
}
