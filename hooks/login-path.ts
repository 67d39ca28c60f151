/** Where one logs in, and comes back from to `here`: a path with its query and fragment. */
export const loginPath = (here: string): string => `/login?next=${encodeURIComponent(here)}`;

/** Pages that are there to come in by: nobody is led back to them. */
const ENTRIES = /^\/(?:login|join)(?:\/|$)/;

/**
 * The path that a query string's `next` names, "/" where that isn't a page of this console. The browser's own reading
 * counts: it takes "\" for "/", drops tabs and line breaks, and "/.//host" becomes another host's address.
 */
export function nextPath(search: string, origin: string): string {
  const next = new URLSearchParams(search).get('next') ?? '';
  if (!next.startsWith('/')) return '/';
  let url: URL;
  try {
    url = new URL(next, origin);
  } catch {
    return '/';
  }
  const { pathname } = url;
  const elsewhere = url.origin !== origin || pathname.startsWith('//');
  if (elsewhere || ENTRIES.test(pathname) || pathname.startsWith('/api/')) return '/';
  return pathname + url.search + url.hash;
}

/** Goes to a path of this console by leaving the page: all that it knows of whoever was there goes with it. */
export const leaveFor = (path: string): void => window.location.assign(path);

/** Leaves for the log-in, to come back here. */
export function goToLogin(): void {
  const { pathname, search, hash } = window.location;
  if (!ENTRIES.test(pathname)) leaveFor(loginPath(pathname + search + hash));
}
