import { createSecretNames, plainName } from './secret-names.ts';
import { REDACTED, redactText, redactUrl } from './redact-text.ts';

/** Longest JSON of one value, bytes. */
const MOST_BYTES = 8_192;
/** Values looked at in one: more of them can't fit in 8 KiB of JSON. */
const MOST_VALUES = 8_192;
const DEEPEST = 64;

/** Keeps secrets out of what is written and shown: the log, the journal, the access log, live requests, keys. */
export interface Redactor {
  /** Whether what stands under this name is a secret: of a header, a parameter, a field. */
  isSecret(name: string): boolean;
  /** A text without what looks like a secret in it. */
  text(text: string): string;
  /** A URL, or a path with its query, without user info and the values of secret parameters. */
  url(url: string): string;
  /** What may be written of a value: plain JSON without secrets, at most 8 KiB of it. Never throws. */
  value(value: unknown): unknown;
  /** Replaces the names that count as secret beside the usual ones. */
  configure(names: readonly string[]): void;
}

export function createRedactor(): Redactor {
  const names = createSecretNames();
  const text = (whole: string): string => redactText(whole, names.has);
  return {
    isSecret: names.has,
    text,
    url: (url) => redactUrl(url, names.has),
    value: (value) => redactValue(value, { isSecret: names.has, text }),
    configure: names.configure,
  };
}

/** The size of a value is past what is kept. */
class TooLarge extends Error {}

function redactValue(value: unknown, { isSecret, text: textOf }: Pick<Redactor, 'isSecret' | 'text'>): unknown {
  let values = 0;
  let bytes = 0;

  function take(found: unknown, depth: number, path: readonly object[]): unknown {
    values += 1;
    if (values > MOST_VALUES || bytes > MOST_BYTES) throw new TooLarge();
    switch (typeof found) {
      case 'string':
        return takeText(found);
      case 'bigint':
        return found.toString();
      case 'number':
        return Number.isFinite(found) ? found : String(found);
      case 'boolean':
        return found;
      case 'object':
        return found === null ? null : takeObject(found, depth, path);
      default:
        return null;
    }
  }

  function takeText(text: string): string {
    bytes += text.length;
    // Not worth a look: it isn't kept.
    if (bytes > MOST_BYTES) throw new TooLarge();
    return textOf(text);
  }

  function takeObject(found: object, depth: number, path: readonly object[]): unknown {
    if (path.includes(found)) return '[circular]';
    if (depth >= DEEPEST) return '[deep]';
    const inner = [...path, found];
    if (found instanceof Date) return Number.isNaN(found.getTime()) ? null : found.toISOString();
    if (found instanceof URL) return takeText(found.href);
    if (found instanceof Error) return { name: found.name, message: takeText(found.message) };
    // Bytes may be anything, a key too.
    if (ArrayBuffer.isView(found) || found instanceof ArrayBuffer) return { bytes: found.byteLength };
    if (found instanceof Set) return takeList([...found], depth, inner);
    if (Array.isArray(found)) return takeList(found, depth, inner);
    const entries: [unknown, unknown][] =
      found instanceof Map || found instanceof Headers ? [...found] : Object.entries(found);
    return takeEntries(entries, depth, inner);
  }

  function takeEntries(entries: readonly [unknown, unknown][], depth: number, path: readonly object[]): object {
    const named = entries.find(([name]) => ['name', 'key', 'header'].includes(plainName(String(name))))?.[1];
    const hidesValue = typeof named === 'string' && isSecret(named);
    const taken = entries
      .filter(([, inner]) => inner !== undefined && typeof inner !== 'function')
      .map(([name, inner]): [string, unknown] => {
        const text = String(name);
        bytes += text.length;
        const secret = isSecret(text) || (hidesValue && plainName(text) === 'value');
        return [textOf(text), secret ? hidden(inner) : take(inner, depth + 1, path)];
      });
    // Without a prototype, so that a key `__proto__` is a key.
    return Object.assign(Object.create(null) as object, Object.fromEntries(taken));
  }

  /** Also lists of headers: name and value by turns, or in pairs. */
  function takeList(list: readonly unknown[], depth: number, path: readonly object[]): unknown[] {
    return list.map((inner, index) => {
      const before: unknown = list[index - 1];
      const secret = typeof before === 'string' && typeof inner === 'string' && isHeader(before) && isSecret(before);
      return secret ? hidden(inner) : take(inner, depth + 1, path);
    });
  }

  try {
    const taken = take(value, 0, []);
    const text = JSON.stringify(taken);
    const length = Buffer.byteLength(text);
    return length > MOST_BYTES ? { truncated: true, bytes: length } : taken;
  } catch (error) {
    return error instanceof TooLarge ? { truncated: true, bytes: sizeOf(value) } : { unreadable: true };
  }
}

/** A header's name in a list of headers; a list of words has such words too. */
const isHeader = (text: string): boolean => text.includes('-') || /^(?:authorization|cookie)$/i.test(text);

/** Bytes of its JSON; 0 where it has none. */
function sizeOf(value: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(value));
  } catch {
    return 0;
  }
}

/** What stands for a secret value. Nothing, yes and no give nothing away. */
export function hidden(value: unknown): unknown {
  return value === null || typeof value === 'boolean' ? value : REDACTED;
}
