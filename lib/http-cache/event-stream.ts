import { header, type HeaderList } from './header-list.ts';

/** Whether a response is an event stream, by its Content-Type (case-insensitive, RFC 9110 section 8.3.1): it has no end. */
export function isEventStream(headers: HeaderList): boolean {
  return /^\s*text\/event-stream\b/i.test(header(headers, 'content-type') ?? '');
}
