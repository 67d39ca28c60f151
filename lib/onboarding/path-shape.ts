/** Longest path that is split up; what is behind it is "*". */
export const MAX_SEGMENTS = 12;
/** Longest segment that is taken for a word, characters. */
const LONGEST_WORD = 48;

/** A path's segments; null stands for one that tells requests apart, such as an id. */
export interface Shape {
  readonly segments: readonly (string | null)[];
  /** Whether any rest may follow. */
  readonly rest: boolean;
}

const IDS: readonly RegExp[] = [
  /^\d+$/,
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  // Digests and the like.
  /^(?=.*\d)[0-9a-f]{8,}$/i,
  // Tokens: ULID, nanoid, base64url.
  /^(?=.*\d)[\w-]{16,}$/,
  // Dates.
  /^\d{4}-\d{2}(-\d{2})?$/,
  // A word and its number: user_42, order-1042.
  /^[a-z]+[-_]\d+$/i,
  // Files with a digest in their name: app.3f2a9c1b.js.
  /[.-](?=[0-9a-f]*\d)[0-9a-f]{8,}\.\w+$/i,
];

/** Whether a segment is one of many in its place. What a path pattern would read as its own signs is one too. */
function isId(segment: string): boolean {
  return segment.length > LONGEST_WORD || /[:*?#\s]/.test(segment) || IDS.some((id) => id.test(segment));
}

/** The shape of a path, without its query: `/api/chats/42/history` is `/api/chats/:id/history`. */
export function shapeOf(path: string): Shape {
  const segments = path.split('/').slice(1);
  const rest = segments.length > MAX_SEGMENTS;
  return { segments: segments.slice(0, MAX_SEGMENTS - Number(rest)).map((each) => (isId(each) ? null : each)), rest };
}

/** The shape as a path pattern of the configuration: parameters are `:id`, `:id2`, … */
export function patternOf({ segments, rest }: Shape): string {
  let ids = 0;
  const parts = segments.map((segment) => segment ?? (++ids === 1 ? ':id' : `:id${ids}`));
  return `/${[...parts, ...(rest ? ['*'] : [])].join('/')}`;
}

/** Whether every path of shape `inner` is matched by the pattern of `outer`. */
export function covers(outer: Shape, inner: Shape): boolean {
  if (outer.rest ? inner.segments.length < outer.segments.length : inner.rest) return false;
  if (!outer.rest && inner.segments.length !== outer.segments.length) return false;
  return outer.segments.every((segment, i) => {
    const other = inner.segments[i];
    // A parameter is at least one character.
    return segment === null ? other !== '' : segment === other;
  });
}
