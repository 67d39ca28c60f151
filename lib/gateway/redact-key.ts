import type { KeyCount, KeyCounters } from '../contracts/control.ts';
import type { MissReason } from '../contracts/traffic.ts';
import { REDACTED } from '../kernel/redact-text.ts';
import type { Redactor } from '../kernel/redact.ts';

type Hides = Pick<Redactor, 'url' | 'isSecret'>;

const HEADERS = ' headers=';

/**
 * A request key (lib/dedup/request-key) as it leaves the gateway: without the values of secret parameters and of
 * secret headers. The key that entries are stored under stays as it is.
 */
export function redactKey(redactor: Hides, key: string): string {
  const start = key.indexOf(' ') + 1;
  const end = key.indexOf(' ', start);
  if (end === -1) return key.slice(0, start) + redactor.url(key.slice(start));
  const rest = key.slice(end);
  return key.slice(0, start) + redactor.url(key.slice(start, end)) + redactHeaders(redactor, rest);
}

/** `… headers=2,6:accept,4:text`; of a key that was cut, the end may be missing. */
function redactHeaders(redactor: Hides, text: string): string {
  const at = text.indexOf(HEADERS);
  if (at === -1) return text;
  const part = /,(\d+):/y;
  part.lastIndex = text.indexOf(',', at) === -1 ? text.length : text.indexOf(',', at);
  let shown = text.slice(0, part.lastIndex);
  let from = part.lastIndex;
  let secret = false;
  for (let n = 0; ; n++) {
    part.lastIndex = from;
    const length = part.exec(text)?.[1];
    if (length === undefined) return shown + text.slice(from);
    const begin = part.lastIndex;
    const value = text.slice(begin, begin + Number(length));
    const hide = n % 2 === 1 && secret && value !== '';
    secret = n % 2 === 0 && redactor.isSecret(value);
    shown += hide ? `,${REDACTED.length}:${REDACTED}` : text.slice(from, begin + value.length);
    from = begin + value.length;
  }
}

/** The lists as they leave the gateway: keys that differ in a secret alone are one. */
export function redactCounters(redactor: Hides, counters: KeyCounters): KeyCounters {
  const { asked, missed } = counters;
  return { ...counters, asked: redactRows(redactor, asked), missed: redactRows(redactor, missed) };
}

function redactRows(redactor: Hides, rows: readonly KeyCount[]): readonly KeyCount[] {
  const byKey = new Map<string, KeyCount>();
  for (const row of rows) {
    const key = redactKey(redactor, row.key);
    const same = byKey.get(key);
    byKey.set(key, same === undefined ? { ...row, key } : sumOf(same, row));
  }
  return byKey.size === rows.length ? [...byKey.values()] : [...byKey.values()].sort((a, b) => b.count - a.count);
}

function sumOf(a: KeyCount, b: KeyCount): KeyCount {
  const reasons: Partial<Record<MissReason, number>> = { ...a.reasons };
  for (const [reason, count] of Object.entries(b.reasons) as [MissReason, number][])
    reasons[reason] = (reasons[reason] ?? 0) + count;
  return { ...a, count: a.count + b.count, error: a.error + b.error, reasons };
}
