import { DEFAULT_POLICY } from '../contracts/policy.ts';
import type { Entry, EntryParts } from '../cache/entry.ts';
import type { judge as Judge } from '../http-cache/storable.ts';
import type { Clock } from '../kernel/clock.ts';
import { replayHeaders } from './replay-origin.ts';
import type { ScriptedRequest } from './script.ts';

/** Until when L1 answers without asking L2, hung on the entry as the gateway does; monotonic ms. */
export interface SimulatedEntry extends Entry {
  hotUntil: number;
}

/** A request whose URL the gateway takes. */
export interface SimulatedRequest extends ScriptedRequest {
  readonly key: string;
}

/** What the origin would answer; `entry` is undefined where it may not be stored. */
export interface SimulatedAnswer {
  readonly etag: string;
  readonly entry: Entry | undefined;
}

/** All bodies are windows on one buffer of at most this size: the accounting sees their length, memory doesn't. */
const MAX_BODY = 67_108_864;

/** Makes the origin's answers, judged by the real judgement. Origins answer at once. */
export function createSimulatedOrigin(deps: {
  readonly clock: Clock;
  readonly ttlMs: number;
  readonly maxEntry: number;
  readonly judge: typeof Judge;
  readonly makeEntry: (parts: EntryParts) => Entry;
}): (request: SimulatedRequest) => SimulatedAnswer {
  const { clock, judge, makeEntry } = deps;
  const body = Buffer.allocUnsafeSlow(Math.min(deps.maxEntry, MAX_BODY));
  const policy = { ttl: deps.ttlMs, staleWhileRevalidate: 0, staleIfError: 0, heuristic: false, ignore: [] };

  return (request) => {
    const { key, method, path, status, size, firstBytes } = request;
    const headers = replayHeaders(path, status, size);
    const etag = headers[3] as string;
    const now = clock.mono();
    const judged = judge({
      method,
      authorization: false,
      cookie: false,
      requestNoStore: false,
      status,
      headers,
      requestedAt: now,
      receivedAt: now,
      wall: clock.wall(),
      policy,
    });
    const held = Math.min(size, firstBytes ?? size);
    const most = firstBytes === undefined ? body.length : Math.min(body.length, DEFAULT_POLICY.maxPartial);
    if (!judged.store || held > most) return { etag, entry: undefined };
    const freshUntil = now + judged.lifetime - judged.initialAge;
    headers.push('Content-Length', String(size));
    const entry = {
      key,
      service: '',
      vary: judged.vary,
      varyValues: [],
      status,
      statusMessage: '',
      headers,
      ownHeaders: [],
      body: body.subarray(0, held),
      partial: held === size ? undefined : { length: size, ranges: [{ start: 0, end: held - 1 }] },
      tags: [],
      clearNumber: 0,
      storedAt: now,
      initialAge: judged.initialAge,
      responseDelay: 0,
      freshUntil,
      staleWhileRevalidateUntil: freshUntil + judged.staleWhileRevalidate,
      staleIfErrorUntil: freshUntil + judged.staleIfError,
      mustRevalidate: judged.mustRevalidate,
      forAuthorization: judged.forAuthorization,
      forCookie: judged.forCookie,
      etag: judged.etag,
      lastModified: judged.lastModified,
    };
    return { etag, entry: makeEntry(entry) };
  };
}
