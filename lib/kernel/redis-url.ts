import { PitwallError } from './errors.ts';

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
}

/** What a REDIS_URL names. User, password and TLS concern the Redis servers, not the sentinels. */
export type RedisTarget = {
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly tls: boolean;
} & (
  | ({ readonly kind: 'single'; readonly db: number } & RedisAddress)
  | {
      readonly kind: 'sentinel';
      readonly sentinels: readonly RedisAddress[];
      readonly master: string;
      readonly db: number;
    }
  | { readonly kind: 'cluster'; readonly nodes: readonly RedisAddress[] }
);

const KINDS = {
  redis: { kind: 'single', port: 6_379 },
  rediss: { kind: 'single', port: 6_379 },
  'redis-sentinel': { kind: 'sentinel', port: 26_379 },
  'redis-cluster': { kind: 'cluster', port: 6_379 },
} as const;

const FORMS =
  'expected redis://HOST:PORT/DB, rediss://…, redis-sentinel://HOST:PORT,HOST:PORT/MASTER?db=0 or redis-cluster://HOST:PORT,HOST:PORT, each with USER:PASSWORD@ if needed';
const MAX_ADDRESSES = 64;
const MAX_DB = 65_535;

/**
 * Reads `redis://`, `rediss://`, `redis-sentinel://` and `redis-cluster://` URLs; the last two take `?tls=true`.
 * @throws PitwallError `config_invalid`, one sentence that never quotes the URL: it may hold a password
 */
export function parseRedisUrl(url: string): RedisTarget {
  const [, scheme = '', userInfo, hosts = '', path = '', search = ''] =
    /^([a-z-]+):\/\/(?:(.*)@)?([^/?#@\s]+)(?:\/([^?#@]*))?(?:\?([^#]*))?$/.exec(url) ?? [];
  if (!isScheme(scheme)) throw refused(FORMS);
  const { kind, port } = KINDS[scheme];
  const addresses = hosts.split(',').map((host) => address(host, port));
  const query = new URLSearchParams(search);
  for (const name of query.keys()) {
    if (kind === 'single' || !(name === 'tls' || (name === 'db' && kind === 'sentinel')))
      throw refused(`expected no such parameter as ${JSON.stringify(name.slice(0, 20))}`);
  }
  const common = { ...credentials(userInfo), tls: scheme === 'rediss' || flag(query.get('tls')) };
  if (kind === 'single') {
    const [only, ...others] = addresses as [RedisAddress, ...RedisAddress[]];
    if (others.length > 0) throw refused('expected one host; several need redis-sentinel:// or redis-cluster://');
    return { kind, ...common, ...only, db: database(path) };
  }
  if (addresses.length > MAX_ADDRESSES) throw refused(`expected at most ${MAX_ADDRESSES} hosts`);
  if (kind === 'cluster') {
    if (path !== '') throw refused('expected no database: a cluster has only number 0');
    return { kind, ...common, nodes: addresses };
  }
  const master = decode(path);
  if (master === '') throw refused('expected the name of the master after the hosts, as in /mymaster');
  return { kind, ...common, sentinels: addresses, master, db: database(query.get('db') ?? '') };
}

function isScheme(text: string): text is keyof typeof KINDS {
  return Object.hasOwn(KINDS, text);
}

function refused(what: string): PitwallError {
  return new PitwallError('config_invalid', what);
}

function address(text: string, fallback: number): RedisAddress {
  const [, six, name, digits] = /^(?:\[([\da-f:.]+)\]|([^[\]:]+))(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const host = six ?? name;
  const port = digits === undefined ? fallback : Number(digits);
  if (host === undefined || port < 1 || port > 65_535) throw refused('expected each host as HOST or HOST:PORT');
  return { host, port };
}

function credentials(userInfo = ''): { username: string | undefined; password: string | undefined } {
  const colon = userInfo.indexOf(':');
  const username = decode(colon === -1 ? userInfo : userInfo.slice(0, colon));
  const password = colon === -1 ? '' : decode(userInfo.slice(colon + 1));
  return { username: username || undefined, password: password || undefined };
}

function database(text: string): number {
  if (text === '') return 0;
  const db = Number(text);
  if (/^\d+$/.test(text) && db <= MAX_DB) return db;
  throw refused(`expected a database number from 0 to ${MAX_DB}`);
}

function flag(text: string | null): boolean {
  if (text === null || text === 'false') return false;
  if (text === 'true') return true;
  throw refused('expected tls to be true or false');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refused('expected user, password and name of the master to be percent-encoded');
  }
}
