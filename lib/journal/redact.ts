/** What stands where a secret was. */
export const REDACTED = '[redacted]';

/** Longest JSON of one value, bytes. */
const MOST_BYTES = 8_192;
/** Values looked at in one: more of them can't fit in 8 KiB of JSON. */
const MOST_VALUES = 8_192;
const DEEPEST = 64;

/** In a name without its case, hyphens and underscores. */
const SECRET_NAME =
  /passw|passphrase|passcode|secret|token|authoriz|authentication$|cookie|apikey|(private|signing|encryption|access|master|shared|session|hmac|ssh)key|keymaterial|credential|bearer|otp$|(?:^|.)jwt|signature$|^auth$|^pin$|^pwd$|^pass$|sessionid|recoverycode|backupcode/;
/** These tell of a token, and hold none. */
const HARMLESS_NAME = /token(id|ids|name|names|count|start|kind|type)$|^maxtokens$/;

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

export function isSecretName(name: string): boolean {
  const text = plain(name);
  return SECRET_NAME.test(text) && !HARMLESS_NAME.test(text);
}

/** A header's name in a list of headers; a list of words has such words too. */
const isSecretHeader = (text: string): boolean =>
  isSecretName(text) && (text.includes('-') || /^(?:authorization|cookie)$/i.test(text));

/** Takes what looks like a secret out of text: user info of URLs, secret parameters, Authorization, private keys. */
export function redactText(text: string): string {
  return text
    .replace(/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, REDACTED)
    .replace(/\b([a-z][a-z0-9+.-]{0,30}:\/\/)[^\s/?#"'<>]*@/gi, `$1${REDACTED}@`)
    .replace(/\b(bearer|basic|digest|negotiate)(\s+)[\w.~+/=-]{6,}/gi, `$1$2${REDACTED}`)
    .replace(/([?&;#]|^)([\w.~%[\]-]{1,80})=([^&;#\s"'<>]+)/g, (whole, start: string, name: string) =>
      isSecretName(name) ? `${start}${name}=${REDACTED}` : whole,
    )
    .replace(/\b([\w-]{1,60})(["']?\s*[:=]\s*)(["']?)([^\s"',;&{}[\]]+)/g, (whole, name: string, between: string) =>
      isSecretName(name) && !whole.includes(REDACTED) ? `${name}${between}${REDACTED}` : whole,
    );
}

/** The size of a value is past what is kept. */
class TooLarge extends Error {}

/** What may be written of a value: plain JSON without secrets, at most 8 KiB of it. Never throws. */
export function redact(value: unknown): unknown {
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
    return redactText(text);
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
    const named = entries.find(([name]) => ['name', 'key', 'header'].includes(plain(String(name))))?.[1];
    const hidesValue = typeof named === 'string' && isSecretName(named);
    const taken = entries
      .filter(([, inner]) => inner !== undefined && typeof inner !== 'function')
      .map(([name, inner]): [string, unknown] => {
        const text = String(name);
        bytes += text.length;
        const hidden = isSecretName(text) || (hidesValue && plain(text) === 'value');
        return [redactText(text), hidden ? hide(inner) : take(inner, depth + 1, path)];
      });
    // Without a prototype, so that a key `__proto__` is a key.
    return Object.assign(Object.create(null) as object, Object.fromEntries(taken));
  }

  /** Also lists of headers: name and value by turns, or in pairs. */
  function takeList(list: readonly unknown[], depth: number, path: readonly object[]): unknown[] {
    return list.map((inner, index) => {
      const before: unknown = list[index - 1];
      const hidden = typeof before === 'string' && typeof inner === 'string' && isSecretHeader(before);
      return hidden ? hide(inner) : take(inner, depth + 1, path);
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

/** Bytes of its JSON; 0 where it has none. */
function sizeOf(value: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(value));
  } catch {
    return 0;
  }
}

/** Nothing, yes and no give nothing away. */
function hide(value: unknown): unknown {
  return value === null || typeof value === 'boolean' ? value : REDACTED;
}
