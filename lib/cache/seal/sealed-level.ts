import { describeEntry, hasHead, readEntry } from '../entry-codec.ts';
import { isExtended, isSensitive, urlOf } from '../entry-key.ts';
import { isSameVariant, makeEntry, type Entry } from '../entry.ts';
import type { Accepts, Level, StoredFor } from '../level.ts';
import type { Timebase } from '../timebase.ts';
import type { SealKey } from './seal-key.ts';
import { inSteps, openBytes, sealBytes } from './sealed-bytes.ts';

export interface SealedLevelOptions {
  /** Where everything lies in the end. */
  readonly level: Level;
  /** The first one seals, all open. Without any, sensitive entries aren't stored. */
  readonly keys: readonly SealKey[];
  readonly timebase: Timebase;
  /** Told once, in a sentence, when an entry doesn't open. */
  onWarning(sentence: string): void;
  /** Whose entries are sealed; those of sensitive routes unless it is given. */
  readonly seals?: (key: string) => boolean;
  /** Most bytes of entries that are being sealed; past it they are dropped. */
  readonly maxPendingBytes?: number;
}

/** A level in which entries of sensitive routes lie encrypted, whatever it is made of; others pass as they are. */
export interface SealedLevel extends Level {
  /** Entries that weren't written because too many were being sealed. */
  readonly dropped: number;
  /** Entries that were found and didn't open. */
  readonly unreadable: number;
}

/** A large entry whose sealing takes several turns. */
interface Sealing {
  readonly entry: Entry;
  /** It was removed or replaced meanwhile. */
  overtaken: boolean;
}

const MAX_PENDING_BYTES = 64 * 1_048_576;
/** The one selecting header that a sealed entry shows; its value is the real ones, hidden. */
const HIDDEN = ['sealed'];
const DAMAGED = "An entry of a sensitive route in L3 doesn't open: it was damaged or changed. It counts as not stored.";

/** Puts the sealing in front of `level`. What isn't sealed costs one look at its key. */
export function createSealedLevel(options: SealedLevelOptions): SealedLevel {
  const { level, keys, timebase, onWarning, seals = isSensitive, maxPendingBytes = MAX_PENDING_BYTES } = options;
  /** What lies in the level for an entry that was read or written here. */
  const laid = new WeakMap<Entry, Entry>();
  const sealing = new Set<Sealing>();
  let pending = 0;
  let dropped = 0;
  let unreadable = 0;

  function lay(entry: Entry, body: Buffer, key: SealKey, name: string): Entry {
    const sealed = sealedEntry(entry, body, key, name);
    laid.set(entry, sealed);
    return sealed;
  }

  function seal(entry: Entry, key: SealKey, fence: number | undefined): boolean | Promise<boolean> {
    for (const other of sealing)
      if (other.entry.key === entry.key && isSameVariant(other.entry, entry)) other.overtaken = true;
    if (pending + entry.bytes > maxPendingBytes) {
      dropped++;
      return false;
    }
    const name = storedName(key, entry.key);
    const sealed = inSteps(sealBytes(key, name, [describeEntry(entry, timebase), entry.body]));
    if (!(sealed instanceof Promise)) return level.write(lay(entry, sealed, key, name), fence);
    const under = { entry, overtaken: false };
    sealing.add(under);
    pending += entry.bytes;
    const ended = sealed.finally(() => {
      sealing.delete(under);
      pending -= entry.bytes;
    });
    return ended.then((body) => !under.overtaken && level.write(lay(entry, body, key, name), fence));
  }

  async function open(key: SealKey, name: string, sealed: Entry, wanted: string): Promise<Entry | undefined> {
    const bytes = await inSteps(openBytes(key, name, sealed.body));
    const entry = bytes !== undefined && hasHead(bytes) ? readEntry(bytes, timebase) : undefined;
    if (entry?.key === wanted) {
      laid.set(entry, sealed);
      return entry;
    }
    if (unreadable === 0) onWarning(DAMAGED);
    unreadable++;
    // What can't be removed now is found out again.
    await Promise.resolve(level.remove(sealed)).catch(() => undefined);
    return undefined;
  }

  /** What each key has sealed, until there is something that can be used. */
  async function read(wanted: string, accepts: Accepts | undefined, peek?: boolean): Promise<Entry[] | undefined> {
    const found: Entry[] = [];
    for (const key of keys) {
      const name = storedName(key, wanted);
      const sealed = (await level.read(name, accepts && acceptsHidden(key, name, accepts), peek)) ?? [];
      for (const one of sealed) {
        const entry = await open(key, name, one, wanted);
        if (entry !== undefined) found.push(entry);
      }
      if (found.some((entry) => accepts?.(entry.vary, entry.varyValues) ?? true)) break;
    }
    return found.length > 0 ? found : undefined;
  }

  function overtake(concerns: (entry: Entry) => boolean): boolean {
    let any = false;
    for (const under of sealing) {
      if (under.overtaken || !concerns(under.entry)) continue;
      under.overtaken = true;
      any = true;
    }
    return any;
  }

  /** What is stored for a URL may be sealed or not: its routes may differ by method, and may have changed. */
  async function removeUrl(what: StoredFor): Promise<boolean> {
    const overtaken = overtake(({ key }) => key === what.key || urlOf(key) === what.url);
    const removed = await Promise.all([
      level.remove(what),
      ...keys.map((key) => level.remove({ key: storedName(key, what.key), url: urlName(key, what.url) })),
    ]);
    return overtaken || removed.includes(true);
  }

  return {
    get dropped() {
      return dropped;
    },
    get unreadable() {
      return unreadable;
    },
    read: (key, accepts, peek) => (seals(key) ? read(key, accepts, peek) : level.read(key, accepts, peek)),
    write(entry, fence) {
      if (!seals(entry.key)) return level.write(entry, fence);
      const [key] = keys;
      return key !== undefined && seal(entry, key, fence);
    },
    remove(what) {
      if ('url' in what) return keys.length === 0 ? level.remove(what) : removeUrl(what);
      if (!seals(what.key)) return level.remove(what);
      const sealed = laid.get(what);
      return overtake((entry) => entry === what) || (sealed !== undefined && level.remove(sealed));
    },
    stats: () => level.stats(),
  };
}

/** In place of the key: told apart like it, by URL too, and nothing of it can be read or tried out without the secret. */
function storedName(key: SealKey, text: string): string {
  return `SEALED ${urlName(key, urlOf(text))} ${isExtended(text) ? 'body' : 'realm'}=${key.nameOf(`key ${text}`)}`;
}

function urlName(key: SealKey, url: string): string {
  return key.nameOf(`url ${url}`);
}

/** The selecting headers and values as others may see them. */
function hiddenVariant(key: SealKey, name: string, { vary, varyValues }: Entry): Pick<Entry, 'vary' | 'varyValues'> {
  if (vary.length === 0) return { vary, varyValues };
  return { vary: HIDDEN, varyValues: [key.hide(name, JSON.stringify([vary, varyValues]))] };
}

function acceptsHidden(key: SealKey, name: string, accepts: Accepts): Accepts {
  return (vary, values) => {
    if (vary.length === 0) return accepts(vary, values);
    const text = key.show(name, values[0] ?? '');
    return text !== undefined && accepts(...(JSON.parse(text) as [string[], string[]]));
  };
}

/** What lies in the level: all of the entry is in the body, and what the level needs of it beside. */
function sealedEntry(entry: Entry, body: Buffer, key: SealKey, name: string): Entry {
  const { freshUntil, staleWhileRevalidateUntil, staleIfErrorUntil, etag, lastModified } = entry;
  const until = Math.max(freshUntil, staleWhileRevalidateUntil, staleIfErrorUntil);
  return makeEntry({
    key: name,
    service: '',
    ...hiddenVariant(key, name, entry),
    status: 200,
    statusMessage: '',
    headers: [],
    ownHeaders: [],
    body,
    partial: undefined,
    tags: [],
    clearNumber: 0,
    storedAt: entry.storedAt,
    initialAge: 0,
    responseDelay: 0,
    freshUntil: until,
    staleWhileRevalidateUntil: until,
    staleIfErrorUntil: until,
    mustRevalidate: false,
    forAuthorization: false,
    forCookie: false,
    // That there is a validator keeps it longer (redis/time-to-live).
    etag: etag === undefined && lastModified === undefined ? undefined : '',
    lastModified: undefined,
  });
}
