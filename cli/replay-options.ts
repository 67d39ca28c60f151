import { parseArgs } from 'node:util';
import { size } from '../lib/contracts/quantity.ts';
import { isLoopback } from '../lib/kernel/loopback.ts';
import { UsageError } from './terminal.ts';

export const REPLAY_HELP = `pitwall replay FILE.log[.gz] [options]: replay an access log (common or combined format) through the gateway.

  --speed max|10x|1x   as fast as it goes, or a multiple of the log's own pace        (max)
  --ttl SECONDS        freshness to assume, since logs carry no headers                (60)
  --origin auto|URL    auto: an origin that answers with the log's status and size     (auto)
  --listen PORT        where the auto origin listens; 0 = any free port                (0)
  --gateway URL        drive a running gateway instead of one of our own; with
                       --origin auto --listen PORT it may have us as its upstream
  --concurrency N      most requests at a time                                         (64)
  --memory SIZE        budget of the cache, such as 64MiB; with --simulate several     (64MiB)
  --simulate           no requests: run the cache on a clock that follows the log's
                       times, and tell the hit ratio that it would have given
  --allow-remote       let --gateway and --origin be elsewhere than on this machine:
                       only for systems that you may put load on
  --json               the report as JSON
`;

const DEFAULT_TTL_SECONDS = '60';
const DEFAULT_CONCURRENCY = '64';
const MAX_CONCURRENCY = 1_024;
/** A year. */
const MAX_TTL_SECONDS = 31_536_000;
const SIMULATED_MIB = [1, 4, 16, 64];
const MIB = 1_048_576;

export interface ReplayOptions {
  readonly file: string;
  readonly speed: number | 'max';
  readonly ttlMs: number;
  readonly origin: URL | 'auto';
  /** Port of the auto origin; undefined = not asked for. */
  readonly listen: number | undefined;
  readonly gateway: URL | undefined;
  readonly concurrency: number;
  /** Bytes; at least one. */
  readonly memory: readonly number[];
  readonly simulate: boolean;
  readonly json: boolean;
}

/** @returns undefined where help was asked for. @throws UsageError, or parseArgs' own */
export function readReplayOptions(args: readonly string[]): ReplayOptions | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      speed: { type: 'string', default: 'max' },
      ttl: { type: 'string' },
      origin: { type: 'string' },
      listen: { type: 'string' },
      gateway: { type: 'string' },
      concurrency: { type: 'string', default: DEFAULT_CONCURRENCY },
      memory: { type: 'string', multiple: true, default: [] as string[] },
      simulate: { type: 'boolean', default: false },
      'allow-remote': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError('replay expects one log file.');

  const remote = values['allow-remote'];
  const gateway = values.gateway === undefined ? undefined : readUrl('--gateway', values.gateway, remote);
  const origin =
    values.origin === undefined || values.origin === 'auto' ? 'auto' : readUrl('--origin', values.origin, remote);
  const memory = values.memory.map(readSize);
  const listen = values.listen === undefined ? undefined : readNumber('--listen', values.listen, 0, 65_535);
  if (listen !== undefined && origin !== 'auto') throw new UsageError('--listen is for --origin auto.');
  if (gateway !== undefined && origin !== 'auto') {
    throw new UsageError('--gateway has its own upstream: --origin URL has no meaning beside it.');
  }
  if (gateway !== undefined && values.ttl !== undefined) {
    throw new UsageError('--gateway has its own policies: start it with CACHE_TTL (ms) instead of --ttl.');
  }
  if (gateway !== undefined && memory.length > 0) throw new UsageError('--gateway has its own memory budget.');
  if (values.simulate && (gateway !== undefined || origin !== 'auto' || listen !== undefined)) {
    throw new UsageError('--simulate makes no requests: it takes neither --gateway nor --origin.');
  }
  if (!values.simulate && memory.length > 1) throw new UsageError('Only --simulate takes several --memory.');

  return {
    file,
    speed: readSpeed(values.speed),
    ttlMs: readNumber('--ttl', values.ttl ?? DEFAULT_TTL_SECONDS, 0, MAX_TTL_SECONDS) * 1_000,
    origin,
    listen,
    gateway,
    concurrency: readNumber('--concurrency', values.concurrency, 1, MAX_CONCURRENCY),
    memory: memory.length > 0 ? memory : values.simulate ? SIMULATED_MIB.map((mib) => mib * MIB) : [64 * MIB],
    simulate: values.simulate,
    json: values.json,
  };
}

function readSpeed(text: string): number | 'max' {
  if (text === 'max') return 'max';
  const match = /^(\d{1,6}(?:\.\d{1,3})?)x$/.exec(text);
  const times = Number(match?.[1]);
  if (!(times > 0)) throw new UsageError(`--speed expects max, 1x or 10x, got "${text}".`);
  return times;
}

function readNumber(option: string, text: string, least: number, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) {
    throw new UsageError(`${option} expects a whole number from ${least} to ${most}, got "${text}".`);
  }
  return value;
}

function readSize(text: string): number {
  const parsed = size.safeParse(/^\d+$/.test(text) ? Number(text) : text);
  if (!parsed.success || parsed.data < 1) throw new UsageError(`--memory expects a size such as 64MiB, got "${text}".`);
  return parsed.data;
}

function readUrl(option: string, text: string, remoteAllowed: boolean): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`${option} expects a URL such as http://127.0.0.1:8080, got "${text}".`);
  }
  if (!remoteAllowed && !isLoopback(url.hostname)) {
    throw new UsageError(
      `${option} ${url.host} isn't on this machine. A replay is a load test: say --allow-remote if you may put that load on it.`,
    );
  }
  return url;
}
