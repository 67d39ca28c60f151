import { clearScopeSchema, type ClearInput } from '../lib/contracts/clear';

export type ClearScope = ClearInput['scope'];

export const CLEAR_KINDS = ['key', 'tag', 'prefix', 'glob', 'service', 'all'] as const;
export type ClearKind = (typeof CLEAR_KINDS)[number];

/** What somebody is about to clear, as it is typed. */
export interface ClearDraft {
  readonly kind: ClearKind;
  /** URL, tag, prefix, pattern or service; nothing of everything. */
  readonly text: string;
  /** The one service within which a tag, prefix or pattern counts; "" for any. */
  readonly service: string;
}

/** The draft that a text in the search field stands for: "tag:NAME", "prefix:URL", a URL, one with "*"; else null. */
export function draftOf(typed: string): ClearDraft | null {
  const text = typed.trim();
  const named = /^(tag|prefix):\s*(\S.*)$/i.exec(text);
  if (named?.[1] !== undefined && named[2] !== undefined) {
    return { kind: named[1].toLowerCase() === 'tag' ? 'tag' : 'prefix', text: named[2], service: '' };
  }
  if (!/^https?:\/\/[^/\s]+\S*$/i.test(text)) return null;
  const whole = /^https?:\/\/[^/]+$/i.test(text) ? `${text}/` : text;
  return { kind: whole.includes('*') ? 'glob' : 'key', text: whole, service: '' };
}

const EXPECTED: Readonly<Record<ClearKind, string>> = {
  key: 'Give a whole URL, such as http://shop.example/chairs?page=2.',
  tag: 'Give a tag of 1 to 256 characters, such as chat:42.',
  prefix: 'Give the start of URLs from the scheme on, such as http://shop.example/img/.',
  glob: 'Give a pattern for whole URLs with 1 to 16 *, such as http://shop.example/*/draft-*.',
  service: 'Choose a service.',
  all: '',
};

/** What the API is asked for; or what's wrong with the draft, as a sentence. */
export function scopeOf({
  kind,
  text,
  service,
}: ClearDraft): { readonly scope: ClearScope } | { readonly wrong: string } {
  const within = service === '' ? {} : { service };
  const value = text.trim();
  const scope =
    kind === 'all'
      ? { all: true }
      : kind === 'service' || kind === 'key'
        ? { [kind]: value }
        : { [kind]: value, ...within };
  const parsed = clearScopeSchema.safeParse(scope);
  return parsed.success ? { scope: parsed.data } : { wrong: EXPECTED[kind] };
}

/** A scope as it's called in a sentence. */
export function scopeWords(scope: ClearScope): string {
  if ('all' in scope) return 'everything';
  if ('key' in scope) return scope.key;
  const within = scope.service === undefined ? '' : ` of ${scope.service}`;
  if ('tag' in scope) return `tag ${scope.tag}${within}`;
  if ('prefix' in scope) return `every URL from ${scope.prefix}${within}`;
  if ('glob' in scope) return `every URL like ${scope.glob}${within}`;
  return `service ${scope.service}`;
}
