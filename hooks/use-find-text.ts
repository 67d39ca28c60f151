'use client';

import { useCallback, useSyncExternalStore } from 'react';

const CHANGED = 'pitwall:find';
const LONGEST = 200;

function subscribe(listener: () => void): () => void {
  for (const event of ['popstate', CHANGED]) window.addEventListener(event, listener);
  return () => {
    for (const event of ['popstate', CHANGED]) window.removeEventListener(event, listener);
  };
}

/** The text that a query string has as what is looked for in a page: `?find=…`. */
export const parseFind = (search: string): string => (new URLSearchParams(search).get('find') ?? '').slice(0, LONGEST);

/** A query string with another text to look for; the rest of it stays. */
export function formatFind(search: string, text: string): string {
  const params = new URLSearchParams(search);
  if (text === '') params.delete('find');
  else params.set('find', text.slice(0, LONGEST));
  const query = params.toString();
  return query === '' ? '' : `?${query}`;
}

/** What is looked for in this page, in its address, and the function that changes it. */
export function useFindText(): readonly [string, (text: string) => void] {
  const text = useSyncExternalStore(
    subscribe,
    () => parseFind(window.location.search),
    () => '',
  );
  const set = useCallback((next: string) => {
    const { pathname, search, hash } = window.location;
    window.history.replaceState(null, '', pathname + formatFind(search, next) + hash);
    window.dispatchEvent(new Event(CHANGED));
  }, []);
  return [text, set];
}
