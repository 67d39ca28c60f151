import { makeEntry, type Entry, type EntryParts } from '../../lib/cache/entry.ts';

/** An entry as the pipeline would store it, with `bytes` accounted. */
export function sampleEntry(change: Partial<EntryParts> = {}): Entry {
  return makeEntry({
    key: 'GET http://a.test/',
    service: 's',
    vary: [],
    varyValues: [],
    status: 200,
    statusMessage: 'OK',
    headers: ['Content-Type', 'text/plain'],
    body: Buffer.from('hello'),
    partial: undefined,
    tags: [],
    clearNumber: 0,
    storedAt: 0,
    ownHeaders: [],
    initialAge: 0,
    responseDelay: 0,
    freshUntil: 1_000,
    staleWhileRevalidateUntil: 1_000,
    staleIfErrorUntil: 1_000,
    mustRevalidate: false,
    forAuthorization: false,
    forCookie: true,
    etag: undefined,
    lastModified: undefined,
    ...change,
  });
}
