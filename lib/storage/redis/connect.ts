import { Cluster, Redis, type CommonRedisOptions } from 'ioredis';
import { parseRedisUrl, type RedisTarget } from '../../kernel/redis-url.ts';

export type RedisClient = Redis | Cluster;

export type RedisState =
  | { readonly kind: 'ready' }
  /** Not there yet, or lost; it connects again by itself. `why` is a sentence for people, without the password. */
  | { readonly kind: 'away'; readonly why: string };

export interface RedisOptions {
  /** What CLIENT LIST shows. */
  readonly name: string;
  /** After this silence an unanswered connection is given up and made anew, ms. Callers have shorter deadlines. */
  readonly commandTimeoutMs?: number;
  /** 0 to 1, for the backoff's jitter. */
  readonly random: () => number;
  /** Called with each change. */
  onState?(state: RedisState): void;
}

export interface RedisConnection {
  /** Commands are refused at once while it's away; none is kept or sent twice. */
  readonly client: RedisClient;
  readonly state: RedisState;
  /** Rejects what is under way. */
  close(): void;
}

const COMMAND_TIMEOUT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 1_000;
/** First and longest pause before connecting again, ms. */
const BACKOFF_MS = 50;
const MAX_BACKOFF_MS = 1_000;
/** A connection on which nothing is asked is tried this often, ms. */
const HEARTBEAT_MS = 1_000;
const SLOTS_REFRESH_MS = 2_000;
/** MOVED or ASK that one command follows: both say that it wasn't done. */
const REDIRECTIONS = 4;
/** Every channel of the control port listens to a few events. */
const MAX_LISTENERS = 200;

/**
 * Opens one connection to a Redis, to the master that Sentinels name, or to a Cluster; connects in the background, for
 * ever.
 * Never throws later, never prints.
 * @throws PitwallError `config_invalid` for a URL that names no Redis, without quoting it
 */
export function openRedis(url: string, options: RedisOptions): RedisConnection {
  const target = parseRedisUrl(url);
  const where = describe(target);
  let state: RedisState = { kind: 'away', why: `Redis at ${where} isn't connected yet.` };
  let trouble = '';
  let closed = false;
  const client = open(target, options);
  client.setMaxListeners(MAX_LISTENERS);

  function enter(next: RedisState): void {
    if (closed || (next.kind === state.kind && (next.kind === 'ready' || next.why === (state as typeof next).why))) {
      return;
    }
    state = next;
    options.onState?.(next);
  }

  function lost(): void {
    enter({ kind: 'away', why: `Redis at ${where} can't be reached${trouble === '' ? '' : `: ${trouble}`}.` });
  }

  client.on('error', (error: Error) => {
    // Some of Redis' words end with a full stop, most don't.
    trouble = withoutPassword(error.message, target.password).replace(/\.$/, '');
    if (client.status !== 'ready') lost();
  });
  client.on('ready', () => {
    // A cluster's nodes are connected when somebody asks them: that is now, not at the first request.
    const nodes = client instanceof Cluster ? client.nodes('master') : [];
    void Promise.allSettled(nodes.map((node) => node.ping())).then(() => {
      if (client.status !== 'ready') return;
      trouble = '';
      enter({ kind: 'ready' });
    });
  });
  client.on('+node', (node: Redis) => void node.ping().catch(() => undefined));
  client.on('close', lost);
  // A client that gives up is told to go on.
  client.on('end', () => {
    if (!closed) setTimeout(() => void reconnect(), MAX_BACKOFF_MS).unref();
  });

  async function reconnect(): Promise<void> {
    if (!closed && client.status === 'end') await client.connect().catch(() => undefined);
  }

  const heartbeat = setInterval(() => {
    // Nodes that nobody asked yet are connected by it: a cluster counts as lost when its last connection is.
    const nodes = client instanceof Cluster ? client.nodes('master') : [client];
    for (const node of nodes) node.ping().catch(() => undefined);
  }, HEARTBEAT_MS).unref();

  return {
    client,
    get state() {
      return state;
    },
    close() {
      closed = true;
      clearInterval(heartbeat);
      client.disconnect();
    },
  };
}

function open(target: RedisTarget, options: RedisOptions): RedisClient {
  const { name, random, commandTimeoutMs = COMMAND_TIMEOUT_MS } = options;
  const backoff = (times: number): number =>
    Math.min(MAX_BACKOFF_MS, BACKOFF_MS * 2 ** Math.min(times - 1, 10)) * (0.5 + 0.5 * random());
  const tls = target.tls ? { tls: {} } : {};
  const common: CommonRedisOptions & { tls?: object } = {
    ...tls,
    ...(target.username === undefined ? {} : { username: target.username }),
    ...(target.password === undefined ? {} : { password: target.password }),
    connectionName: name,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: commandTimeoutMs,
    socketTimeout: commandTimeoutMs,
    autoResendUnfulfilledCommands: false,
    // 0: what is under way fails with the connection; null would leave it waiting.
    maxRetriesPerRequest: 0,
  };
  const alone = { ...common, enableOfflineQueue: false, retryStrategy: backoff };

  if (target.kind === 'single') return new Redis({ ...alone, host: target.host, port: target.port, db: target.db });
  if (target.kind === 'sentinel') {
    return new Redis({
      ...alone,
      sentinels: [...target.sentinels],
      name: target.master,
      db: target.db,
      sentinelRetryStrategy: backoff,
      sentinelCommandTimeout: commandTimeoutMs,
      enableTLSForSentinelMode: target.tls,
      // A master that became a replica. (failoverDetector would print when a sentinel goes away: ioredis 6.0.)
      reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 1 : false),
    });
  }
  return new Cluster([...target.nodes], {
    redisOptions: common,
    enableOfflineQueue: false,
    clusterRetryStrategy: backoff,
    maxRedirections: REDIRECTIONS,
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    slotsRefreshInterval: SLOTS_REFRESH_MS,
    slotsRefreshTimeout: commandTimeoutMs,
  });
}

function describe(target: RedisTarget): string {
  if (target.kind === 'single') return `${target.host}:${target.port}`;
  const addresses = target.kind === 'sentinel' ? target.sentinels : target.nodes;
  const list = addresses.map(({ host, port }) => `${host}:${port}`).join(', ');
  return target.kind === 'sentinel' ? `${list} (Sentinel, ${target.master})` : `${list} (Cluster)`;
}

function withoutPassword(message: string, password: string | undefined): string {
  return password === undefined ? message : message.replaceAll(password, '***');
}
