import { request as plainRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { Probe, ProbeStep } from '../contracts/onboarding.ts';
import type { Clock } from '../kernel/clock.ts';
import type { After } from '../kernel/timer.ts';
import { notesOn, whyNot } from './probe-words.ts';

/** Longest that a probe takes, ms. */
export const PROBE_MS = 5_000;
/** Largest head of an answer that is read, bytes; its body never is. */
export const PROBE_BYTES = 16_384;

/**
 * Asks a base URL once, as a client would: name, connection, TLS, head of the answer. Follows no redirect, sends no
 * credentials, reads no body. Never rejects: what goes wrong is the answer.
 */
export function probe(url: URL, deps: { clock: Clock; after: After; deadlineMs?: number }): Promise<Probe> {
  const { clock, after, deadlineMs = PROBE_MS } = deps;
  const secure = url.protocol === 'https:';
  const started = clock.mono();
  const named = !/^(\[.*\]|[\d.]+)$/.test(url.hostname);
  let step: ProbeStep = named ? 'dns' : 'tcp';
  let dnsAt: number | undefined;
  let tcpAt = started;
  let tlsAt: number | undefined;

  return new Promise((resolve) => {
    const settle = (outcome: Probe): void => {
      cancel();
      resolve(outcome);
      request.destroy();
    };
    const fail = (code: string): void => settle({ reached: false, url: url.href, step, ...whyNot(step, code, url) });
    const cancel = after(deadlineMs, () => fail('PROBE_DEADLINE'));

    let request: ClientRequest;
    try {
      request = (secure ? secureRequest : plainRequest)(url, {
        method: 'GET',
        agent: false,
        maxHeaderSize: PROBE_BYTES,
        headers: { Accept: '*/*', 'User-Agent': 'Pitwall-probe', Connection: 'close' },
      });
    } catch (error) {
      cancel();
      resolve({ reached: false, url: url.href, step, ...whyNot(step, codeOf(error), url) });
      return;
    }
    request.on('socket', (socket) => {
      socket.on('lookup', (error: Error | null) => {
        if (error !== null || dnsAt !== undefined) return;
        dnsAt = clock.mono();
        step = 'tcp';
      });
      socket.once('connect', () => {
        tcpAt = clock.mono();
        step = secure ? 'tls' : 'http';
      });
      socket.once('secureConnect', () => {
        tlsAt = clock.mono();
        step = 'http';
      });
    });
    request.once('response', (response) => settle(reached(response)));
    request.once('upgrade', (response) => settle(reached(response)));
    request.on('error', (error) => fail(codeOf(error)));
    request.end();

    function reached(response: IncomingMessage): Probe {
      const { socket, headers, statusCode = 0, httpVersion } = response;
      return {
        reached: true,
        url: url.href,
        address: socket.remoteAddress ?? '',
        dnsMs: dnsAt === undefined ? null : dnsAt - started,
        tcpMs: tcpAt - (dnsAt ?? started),
        tlsMs: tlsAt === undefined ? null : tlsAt - tcpAt,
        firstByteMs: clock.mono() - (tlsAt ?? tcpAt),
        tls: secure ? (socket as TLSSocket).getProtocol() : null,
        httpVersion,
        status: statusCode,
        cacheControl: headers['cache-control'] ?? null,
        validator:
          headers.etag !== undefined ? 'etag' : headers['last-modified'] !== undefined ? 'last-modified' : null,
        notes: notesOn(statusCode, headers),
      };
    }
  });
}

/** Node's code; of several addresses that were tried, the first one's. */
function codeOf(error: unknown): string {
  const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  return first instanceof Error && 'code' in first ? String(first.code) : '';
}
