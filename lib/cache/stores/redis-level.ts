import type { Cluster, Redis } from 'ioredis';
import type { Clock } from '../../kernel/clock.ts';
import { PitwallError } from '../../kernel/errors.ts';
import type { Guard } from '../../kernel/guard.ts';
import { runScript } from '../../kernel/redis-script.ts';
import { decodeEntry, describeEntry, sealDescription } from '../entry-codec.ts';
import type { Entry } from '../entry.ts';
import { MAX_VARIANTS, type Accepts, type Level, type LevelStats, type StoredFor } from '../level.ts';
import type { Timebase } from '../timebase.ts';
import { blankFrame, FRAME, STAMP_LENGTH, unframe, type IndexLine } from './redis/frame.ts';
import { describeVariant, namesOf, plainId, variantId, variantName, type PrimaryNames } from './redis/names.ts';
import { DISCARD, REMOVE, REMOVE_URL, WRITE } from './redis/scripts.ts';
import { NO_FIGURES, readFigures } from './redis/server-figures.ts';
import { timeToLive } from './redis/time-to-live.ts';

export interface RedisLevelDeps {
  /** A connection of its own: bodies on it hold nobody else up. */
  readonly bodies: Redis | Cluster;
  /** Of that connection alone. */
  readonly guard: Guard;
  readonly clock: Clock;
  readonly timebase: Timebase;
  /** Starts every name; without braces. */
  readonly prefix: string;
  /** Of this level among all that write: 16 characters, fresh and random. */
  readonly id: string;
  /** Longer bodies aren't written, bytes. */
  readonly maxBodyBytes?: number;
  /** Most bytes of entries on their way to Redis; past it entries are dropped. */
  readonly maxPendingBytes?: number;
  /** Most variants under one primary key; MAX_VARIANTS unless it is given. */
  readonly maxVariants?: number;
  /** Most extended keys of one URL; past it another one goes. */
  readonly maxExtended?: number;
  /** How long nothing is written after Redis said that it is full, ms. */
  readonly fullPauseMs?: number;
  /** Told once of each thing that makes Redis a bad cache, in a sentence. */
  onWarning?(sentence: string): void;
}

/** L3 on Redis, shared by a fleet. `stats` are Redis' own figures: of all that is in it, a few seconds old. */
export interface RedisLevel extends Level {
  read(key: string, accepts?: Accepts): Promise<readonly Entry[] | undefined>;
  write(entry: Entry, fence?: number): Promise<boolean>;
  remove(what: Entry | StoredFor): Promise<boolean>;
  health(): { readonly state: 'ok' | 'degraded'; readonly why: string | undefined; readonly dropped: number };
}

const ID_LENGTH = 16;
/** A fence keeps older leaders out for this long, ms: longer than any origin call. */
const FENCE_MS = 600_000;
/** Longest description of a variant, characters; what is selected by more isn't stored. */
const MAX_DESCRIPTION = 8_192;
/** A line that is slower than this is no line for bodies, bytes per ms: 10 MB/s. */
const SENT_PER_MS = 10_000;
/** Figures are read again when they're older, ms. */
const FIGURES_MS = 2_000;
const PLAIN = plainId();
const PLAIN_DESCRIPTION = Buffer.from(describeVariant([], [])).toString('base64url');

/** Budget and eviction are Redis' own (maxmemory). Every call rejects with `storage_unavailable` when Redis is away. */
export function createRedisLevel(deps: RedisLevelDeps): RedisLevel {
  const { bodies, guard, clock, timebase, prefix, id } = deps;
  const { maxBodyBytes = 1_048_576, maxPendingBytes = 16 * 1_048_576, fullPauseMs = 5_000 } = deps;
  const { maxVariants = MAX_VARIANTS, maxExtended = 1_000 } = deps;
  if (/[{}]/.test(prefix)) throw new PitwallError('config_invalid', 'A prefix of Redis keys may not hold braces.');
  if (id.length !== ID_LENGTH) throw new PitwallError('internal', `A level's id has ${ID_LENGTH} characters.`);
  /** Which write each entry came from or went into. */
  const stamps = new WeakMap<Entry, string>();
  const warned = new Set<string>();
  let writes = 0;
  let pendingBytes = 0;
  let dropped = 0;
  /** Monotonic ms until which Redis is taken to be full. */
  let fullUntil = -Infinity;
  let figures = NO_FIGURES;
  let lookedAt = -Infinity;

  function discard(name: string, bytes: Buffer): void {
    const start = bytes.subarray(0, FRAME);
    guard.run(() => runScript(bodies, DISCARD, [name], [start])).catch(() => undefined);
  }

  /** The entry in a name's bytes; undefined, and gone, if they are none of this key. */
  function open(name: string, key: string, bytes: Buffer): Entry | undefined {
    const framed = unframe(bytes);
    const entry = framed?.kind === 'entry' ? decodeEntry(framed.bytes, timebase) : undefined;
    if (framed?.kind !== 'entry' || entry?.key !== key) {
      discard(name, bytes);
      return undefined;
    }
    stamps.set(entry, framed.stamp);
    return entry;
  }

  async function openVariant(names: PrimaryNames, key: string, line: IndexLine): Promise<Entry | undefined> {
    const name = variantName(names, line.id);
    const bytes = await bodies.getBuffer(name);
    return bytes === null ? undefined : open(name, key, bytes);
  }

  async function readAll(key: string, accepts: Accepts | undefined): Promise<readonly Entry[] | undefined> {
    const names = namesOf(prefix, key);
    const bytes = await readName(names.primary);
    if (bytes === null) return undefined;
    const framed = unframe(bytes);
    if (framed?.kind !== 'index') {
      const entry = open(names.primary, key, bytes);
      return entry && [entry];
    }
    if (accepts === undefined) {
      const all = await Promise.all(framed.lines.map((line) => openVariant(names, key, line)));
      const found = all.filter((entry) => entry !== undefined);
      return found.length === 0 ? undefined : found;
    }
    for (const line of framed.lines) {
      // One that Redis has evicted makes room for an older one that would do.
      const entry = accepts(line.vary, line.varyValues) ? await openVariant(names, key, line) : undefined;
      if (entry !== undefined) return [entry];
    }
    return undefined;
  }

  /** Something under our prefix that isn't even text is deleted too. */
  async function readName(name: string): Promise<Buffer | null> {
    try {
      return await bodies.getBuffer(name);
    } catch (error) {
      if (!isRefusal(error, 'WRONGTYPE')) throw error;
      await bodies.unlink(name);
      return null;
    }
  }

  function stampOf(): string {
    writes++;
    return id + writes.toString(36).padStart(STAMP_LENGTH - ID_LENGTH, '0');
  }

  async function send(entry: Entry, fence: number): Promise<boolean> {
    const names = namesOf(prefix, entry.key);
    const description = describeVariant(entry.vary, entry.varyValues);
    const variant = variantId(description);
    const head = describeEntry(entry, timebase);
    sealDescription(head, entry.body);
    const stamp = stampOf();
    const before = stamps.get(entry);
    // At once: what is removed while it's on its way is removed behind it, on the same connection.
    stamps.set(entry, stamp);
    const keys = [names.primary, variantName(names, variant), variantName(names, PLAIN), names.siblings];
    const stored = await runScript(bodies, WRITE, keys, [
      variant,
      PLAIN,
      fence,
      Buffer.concat([blankFrame(stamp), head, entry.body]),
      timeToLive(entry, clock.mono()),
      Buffer.from(description).toString('base64url'),
      maxVariants,
      names.base,
      names.member,
      maxExtended,
      FENCE_MS,
      PLAIN_DESCRIPTION,
    ]);
    if (stored !== 1 && before !== undefined) stamps.set(entry, before);
    return stored === 1;
  }

  async function write(entry: Entry, fence = -1): Promise<boolean> {
    if (entry.body.length > maxBodyBytes) return false;
    if (describeVariant(entry.vary, entry.varyValues).length > MAX_DESCRIPTION) return false;
    if (clock.mono() < fullUntil || pendingBytes + entry.bytes > maxPendingBytes) {
      dropped++;
      return false;
    }
    try {
      return await guard.run(
        () => {
          pendingBytes += entry.bytes;
          // What is late is still on its way.
          return send(entry, fence).finally(() => (pendingBytes -= entry.bytes));
        },
        Math.ceil(entry.bytes / SENT_PER_MS),
      );
    } catch (error) {
      dropped++;
      if (!isRefusal(error, 'OOM')) throw error;
      fullUntil = clock.mono() + fullPauseMs;
      return false;
    }
  }

  async function removeEntry(entry: Entry): Promise<boolean> {
    const stamp = stamps.get(entry);
    if (stamp === undefined) return false;
    const names = namesOf(prefix, entry.key);
    const variant = variantId(describeVariant(entry.vary, entry.varyValues));
    const keys = [names.primary, variantName(names, variant)];
    return (await guard.run(() => runScript(bodies, REMOVE, keys, [variant, PLAIN, stamp]))) === 1;
  }

  async function removeUrl({ key, url }: StoredFor): Promise<boolean> {
    const { primary, siblings, base } = namesOf(prefix, key, url);
    return (await guard.run(() => runScript(bodies, REMOVE_URL, [primary, siblings], [base]))) !== 0;
  }

  /** Reads the figures behind the answer, unless they are new. */
  function look(): void {
    if (clock.mono() - lookedAt < FIGURES_MS) return;
    lookedAt = clock.mono();
    guard
      .run(() => readFigures(bodies))
      .then(
        (read) => {
          figures = read;
          for (const sentence of read.warnings) {
            if (!warned.has(sentence)) deps.onWarning?.(sentence);
            warned.add(sentence);
          }
        },
        // They stay as they were until the next look.
        () => undefined,
      );
  }

  return {
    read: (key, accepts) => guard.run(() => readAll(key, accepts)),
    write,
    remove: (what) => ('url' in what ? removeUrl(what) : removeEntry(what)),
    stats(): LevelStats {
      look();
      const { entries, bytes, budgetBytes, evictions } = figures;
      return { entries, bytes, budgetBytes, evictions };
    },
    health() {
      if (guard.state.kind === 'degraded') return { state: 'degraded', why: guard.state.why, dropped };
      if (clock.mono() < fullUntil) {
        const why = 'Redis is full and refuses writes (maxmemory): nothing new is kept, what is there is still read.';
        return { state: 'degraded', why, dropped };
      }
      return { state: 'ok', why: undefined, dropped };
    },
  };
}

function isRefusal(error: unknown, what: string): boolean {
  return error instanceof Error && error.message.startsWith(what);
}
