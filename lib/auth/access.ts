import type { Permission } from '../contracts/access.ts';

/** What something needs: nothing at all, to be known as anybody, or a permission. */
export type Need = 'anyone' | 'known' | Permission;
type Verbs = Readonly<Partial<Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', Need>>>;

/** Every page, by its path. */
export const PAGES: Readonly<Record<string, Need>> = {
  '/': 'look',
  '/docs/api': 'look',
  '/join': 'anyone',
  '/login': 'anyone',
  '/settings': 'look',
};

/** Every resource of the API, by its path in OpenAPI's form. HEAD needs what GET does. */
export const RESOURCES: Readonly<Record<string, Verbs>> = {
  '/api/cache/clear': { POST: 'clear' },
  '/api/cache/clear/{id}/undo': { POST: 'clear' },
  '/api/cache/explain': { GET: 'look' },
  '/api/cache/keys': { GET: 'look' },
  '/api/changes': { GET: 'look' },
  '/api/changes/{id}': { GET: 'look' },
  '/api/config': { GET: 'look', POST: 'policies' },
  '/api/config/check': { POST: 'policies' },
  '/api/config/versions': { GET: 'look' },
  '/api/config/versions/{id}': { GET: 'look' },
  '/api/config/versions/{id}/restore': { POST: 'policies' },
  '/api/config/yaml': { GET: 'look' },
  '/api/invitations/accept': { POST: 'anyone' },
  '/api/invitations/look': { POST: 'anyone' },
  '/api/jobs': { GET: 'look' },
  '/api/jobs/{id}': { GET: 'look' },
  '/api/jobs/{id}/cancel': { POST: 'jobs' },
  '/api/jobs/{id}/pause': { POST: 'jobs' },
  '/api/jobs/{id}/resume': { POST: 'jobs' },
  '/api/journal': { GET: 'journal' },
  '/api/journal/erase': { POST: 'people' },
  '/api/journal/export': { GET: 'journal' },
  '/api/onboarding': { GET: 'look' },
  '/api/onboarding/end': { POST: 'policies' },
  '/api/onboarding/probe': { POST: 'policies' },
  '/api/onboarding/start': { POST: 'policies' },
  '/api/openapi.json': { GET: 'look' },
  '/api/people': { GET: 'people', POST: 'people' },
  '/api/people/{id}': { PATCH: 'people', DELETE: 'people' },
  '/api/people/{id}/invite': { POST: 'people' },
  '/api/performance/bottlenecks': { GET: 'look' },
  '/api/performance/cache': { GET: 'look' },
  '/api/performance/health': { GET: 'look' },
  '/api/performance/metrics': { GET: 'look' },
  '/api/performance/metrics/{name}': { GET: 'look' },
  '/api/performance/overview': { GET: 'look' },
  '/api/sample': { GET: 'look' },
  '/api/sample/burst': { POST: 'sample' },
  '/api/sample/outage': { POST: 'sample' },
  '/api/sample/outage/stop': { POST: 'sample' },
  '/api/sample/traffic': { POST: 'sample' },
  '/api/services': { GET: 'look' },
  '/api/services/{service}/mode': { POST: 'hold' },
  '/api/session': { GET: 'known', POST: 'anyone', DELETE: 'known' },
  '/api/sessions': { GET: 'known' },
  '/api/sessions/{id}': { DELETE: 'known' },
  '/api/sign-on': { GET: 'anyone', POST: 'anyone' },
  '/api/sign-on/finish': { POST: 'anyone' },
  '/api/tokens': { GET: 'tokens', POST: 'tokens' },
  '/api/tokens/{id}': { DELETE: 'tokens' },
};

/** What is answered before Next. */
export const MACHINES: Readonly<Record<string, Need>> = {
  '/healthz': 'anyone',
  '/readyz': 'anyone',
  '/metrics': 'metrics',
};

/**
 * What people do themselves, whatever scopes a token has: it could make itself more than it is, or write into the
 * journal what nobody did.
 */
const NOT_BY_TOKEN: ReadonlySet<string> = new Set([
  'DELETE /api/session',
  'DELETE /api/sessions/{id}',
  'POST /api/journal/erase',
  'POST /api/people',
  'PATCH /api/people/{id}',
  'DELETE /api/people/{id}',
  'POST /api/people/{id}/invite',
  'POST /api/tokens',
]);

/**
 * What a client may send over the live socket. All of it needs what the handshake asks for, so that nothing more is
 * asked; a test holds the events to it.
 */
export const SOCKET_EVENTS: Readonly<Record<string, Need>> = { watch: 'look', tail: 'look', untail: 'look' };
export const SOCKET = 'look' satisfies Need;

/** What Next serves to make a page of: the same for everybody, and nothing of anybody. */
const ASSETS = ['/_next/static/'];
const FILES: ReadonlySet<string> = new Set(['/icon.svg', '/favicon.ico']);
/** In development Next asks itself for more, hot reloading among it. */
const DEV_ASSETS = ['/_next/', '/__nextjs'];

const patterns = Object.entries(RESOURCES).map(([path, verbs]) => ({ path, parts: path.split('/'), verbs }));
const patternOf = (path: string) => patterns.find(({ parts }) => fits(parts, path.split('/')));

function fits(parts: readonly string[], path: readonly string[]): boolean {
  return parts.length === path.length && parts.every((part, i) => part.startsWith('{') || part === path[i]);
}

/**
 * What a request to the console needs. What isn't in the table needs `look`: a stranger learns nothing of it, not even
 * whether it's there.
 *
 * @param path in its normal form, without the query
 */
export function needOf(method: string, path: string, development = false): Need {
  const known = MACHINES[path] ?? PAGES[path];
  if (known !== undefined) return known;
  if (FILES.has(path) || (development ? DEV_ASSETS : ASSETS).some((asset) => path.startsWith(asset))) return 'anyone';
  const verbs = patternOf(path)?.verbs ?? {};
  const verb = method === 'HEAD' ? 'GET' : method;
  return Object.hasOwn(verbs, verb) ? (verbs[verb as keyof Verbs] ?? 'look') : 'look';
}

/** Whether a token may, with the scope for it. @param path in its normal form, without the query */
export const isForTokens = (method: string, path: string): boolean =>
  !NOT_BY_TOKEN.has(`${method} ${patternOf(path)?.path ?? path}`);
