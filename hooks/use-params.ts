'use client';

import { useCallback } from 'react';
import { useSearchParams } from 'next/navigation';

type Change = (edit: (params: URLSearchParams) => void, how: 'push' | 'replace') => void;

/** What the query string says, and the function that changes parts of it; the rest stays as it is. */
export function useParams(): readonly [URLSearchParams, Change] {
  // Links that lead to the same page count too; the router follows the history by itself.
  const params = useSearchParams();
  const change = useCallback<Change>((edit, how) => {
    const next = new URLSearchParams(window.location.search);
    edit(next);
    const query = next.toString();
    const url = window.location.pathname + (query === '' ? '' : `?${query}`) + window.location.hash;
    if (how === 'push') window.history.pushState(null, '', url);
    else window.history.replaceState(null, '', url);
  }, []);
  return [params, change];
}
