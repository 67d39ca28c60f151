import { readFileSync } from 'node:fs';
import { configInvalid } from './faults.ts';

const KEY_BYTES = 32;
/** Most keys at a time: each is asked for what the first doesn't have. */
const MAX_KEYS = 8;
const HEX = /^[0-9a-f]{64}$/i;
/** 32 bytes are 43 characters of base64 or base64url, and one of padding. */
const BASE64 = /^[\w+/-]{43}=?$/;

export interface ParsedCacheKeys {
  /** KEY_BYTES each, in their order. */
  readonly keys: readonly Uint8Array[];
  /** Sentences without a full stop; none quotes a key. */
  readonly faults: readonly string[];
}

/** Empty texts count as none. @param what one of the texts is called in faults: "key" makes "key 2" */
export function parseCacheKeys(texts: readonly string[], what: string): ParsedCacheKeys {
  const keys: Uint8Array[] = [];
  const faults: string[] = [];
  texts.forEach((text, i) => {
    if (text.trim() === '') return;
    const key = parseKey(text.trim());
    if (key === undefined)
      faults.push(
        `${what} ${i + 1}: expected ${KEY_BYTES} bytes in base64 or hex, such as openssl rand -base64 32 prints`,
      );
    else if (keys.some((other) => Buffer.compare(other, key) === 0)) faults.push(`${what} ${i + 1}: it is given twice`);
    else keys.push(key);
  });
  if (keys.length + faults.length === 0) faults.push('there is no key in it');
  if (keys.length > MAX_KEYS) faults.push(`expected at most ${MAX_KEYS} keys, got ${keys.length}`);
  return { keys, faults };
}

/**
 * The keys of L3: as given, or from a file with one on a line.
 * @throws PitwallError `config_invalid`, every fault named, no key quoted
 */
export function readCacheKeys({
  cacheKey,
  cacheKeyFile: file,
}: {
  readonly cacheKey: string | undefined;
  readonly cacheKeyFile: string | undefined;
}): readonly Uint8Array[] {
  if (cacheKey !== undefined) return orThrow('PITWALL_CACHE_KEY', parseCacheKeys(cacheKey.split(','), 'key'));
  if (file === undefined) return [];
  return orThrow(`PITWALL_CACHE_KEY_FILE (${file})`, parseCacheKeys(linesOf(file), 'line'));
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch (error) {
    throw configInvalid('PITWALL_CACHE_KEY_FILE', [`${file} can't be read (${String(error)})`]);
  }
}

function orThrow(what: string, { keys, faults }: ParsedCacheKeys): readonly Uint8Array[] {
  if (faults.length > 0) throw configInvalid(what, faults);
  return keys;
}

function parseKey(text: string): Uint8Array | undefined {
  if (HEX.test(text)) return new Uint8Array(Buffer.from(text, 'hex'));
  const bytes = BASE64.test(text) ? Buffer.from(text, 'base64') : undefined;
  return bytes?.length === KEY_BYTES ? new Uint8Array(bytes) : undefined;
}
