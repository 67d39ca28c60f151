import { parseHttpDate } from './date.ts';
import { listsTag, stronglyEqual, weaklyEqual } from './entity-tag.ts';
import { header, type HeaderList, withoutHeaders } from './header-list.ts';
import { endToEnd } from './hop-by-hop.ts';

export interface Validators {
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
}

/**
 * Fields of a 304 that don't describe the stored response (RFC 9111 section 3.2), beside the hop-by-hop ones: they tell
 * of the bytes of a body, which here are the stored ones.
 */
const NOT_MERGED: ReadonlySet<string> = new Set([
  'content-digest',
  'content-encoding',
  'content-length',
  'content-md5',
  'content-range',
  'digest',
  'repr-digest',
]);

/** Fields that speak of one message in time: the stored ones are void once a newer message has come. */
const OF_ONE_MESSAGE: readonly string[] = ['age', 'date'];

/**
 * Whether Last-Modified is a strong validator: Date is at least `marginMs` later (RFC 9110 section 8.8.2.2).
 * Without either, or with what isn't a date, it isn't.
 */
export function isStrongDate(lastModified: string | undefined, date: string | undefined, marginMs = 1_000): boolean {
  const modified = parseHttpDate(lastModified?.trim() ?? '');
  const sent = parseHttpDate(date?.trim() ?? '');
  return modified !== undefined && sent !== undefined && sent - modified >= marginMs;
}

/** The conditional fields of a revalidation, flat (RFC 9111 section 4.3.1); empty where there is no validator. */
export function conditionalHeaders(validators: Validators): string[] {
  const fields: string[] = [];
  if (validators.etag !== undefined) fields.push('If-None-Match', validators.etag);
  if (validators.lastModified !== undefined) fields.push('If-Modified-Since', validators.lastModified);
  return fields;
}

/**
 * Whether a GET or HEAD is answered with 304 out of the stored response (RFC 9110 section 13.2.2, RFC 9111 section
 * 4.3.2): If-None-Match alone where it is present, else If-Modified-Since against Last-Modified, or Date without one.
 */
export function isNotModified(requestHeaders: HeaderList, stored: Validators & { date?: string | undefined }): boolean {
  const noneMatch = header(requestHeaders, 'if-none-match');
  if (noneMatch !== undefined) {
    if (noneMatch.trim() === '*') return true;
    return stored.etag !== undefined && listsTag(noneMatch, stored.etag);
  }
  const since = header(requestHeaders, 'if-modified-since');
  const modified = stored.lastModified ?? stored.date;
  if (since === undefined || modified === undefined) return false;
  const sinceTime = parseHttpDate(since);
  const modifiedTime = parseHttpDate(modified);
  return sinceTime !== undefined && modifiedTime !== undefined && modifiedTime <= sinceTime;
}

/**
 * Whether a 304 speaks of this stored response: one with another's ETag doesn't (RFC 9111 section 4.3.4). A strong one is
 * compared strongly, a weak one weakly.
 */
export function describes(notModified: HeaderList, stored: Validators): boolean {
  const etag = header(notModified, 'etag');
  if (etag === undefined || stored.etag === undefined) return true;
  return etag.startsWith('"') ? stronglyEqual(etag, stored.etag) : weaklyEqual(etag, stored.etag);
}

/**
 * The stored header fields, updated by those of a 304 (RFC 9111 section 3.2): each field that the 304 has replaces
 * all stored lines of that name, but for those that describe the body as stored. Judge the result anew.
 */
export function mergeNotModified(stored: HeaderList, fresh: HeaderList): string[] {
  const updates = withoutHeaders(endToEnd(fresh), NOT_MERGED);
  const replaced = new Set(OF_ONE_MESSAGE);
  for (let i = 0; i < updates.length; i += 2) replaced.add((updates[i] as string).toLowerCase());
  return [...withoutHeaders(stored, replaced), ...updates];
}
