import { match } from './rank';
import type { Item } from './items';

/** Most lines that are shown. */
export const MAX_RESULTS = 50;
/** Most of one group, while nothing is typed. */
const MAX_OF_GROUP = 8;
const MAX_RECENT = 5;
/** What a line that was used lately is worth beside one that wasn't. */
const RECENT_BONUS = 6;

export interface Line {
  readonly item: Item;
  /** Characters of the title that match. */
  readonly hits: readonly number[];
}

export interface Group {
  /** Empty where there is only one. */
  readonly label: string;
  readonly lines: readonly Line[];
}

const plain = (item: Item): Line => ({ item, hits: [] });

const HEADINGS: readonly (readonly [Item['kind'], string])[] = [
  ['Page', 'Pages'],
  ['Service', 'Services'],
  ['Command', 'Commands'],
  ['Route', 'Routes'],
  ['URL', 'Asked most'],
];

/** Nothing typed: what was used lately, then everything by its kind. */
function overviewOf(items: readonly Item[], recent: readonly string[]): Group[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const lately = recent.flatMap((id) => byId.get(id) ?? []).slice(0, MAX_RECENT);
  const rest = items.filter((item) => !lately.includes(item));
  const groups = HEADINGS.map(([kind, label]) => {
    const all = rest.filter((item) => item.kind === kind);
    return { label, lines: (kind === 'Command' ? all : all.slice(0, MAX_OF_GROUP)).map(plain) };
  });
  return [{ label: 'Recent', lines: lately.map(plain) }, ...groups].filter(({ lines }) => lines.length > 0);
}

/** The groups as far as their first `count` lines. */
export function firstLines(groups: readonly Group[], count: number): readonly Group[] {
  let left = count;
  return groups.flatMap(({ label, lines }) => {
    const kept = lines.slice(0, left);
    left -= kept.length;
    return kept.length === 0 ? [] : [{ label, lines: kept }];
  });
}

/** What the palette shows for a query. What the text itself names comes first; then the best, those used lately before their like. */
export function resultsFor(
  query: string,
  items: readonly Item[],
  typed: readonly Item[],
  recent: readonly string[],
): readonly Group[] {
  if (query.trim() === '') return overviewOf(items, recent);
  const ranked = items.flatMap((item) => {
    const found = match(query, item.title, `${item.words ?? ''} ${item.kind}`);
    if (found === null) return [];
    const bonus = recent.includes(item.id) ? RECENT_BONUS : 0;
    return { item, hits: found.hits, score: found.score + bonus };
  });
  ranked.sort((a, b) => b.score - a.score);
  // A path is looked for among routes and URLs first.
  const found = query.trim().startsWith('/')
    ? [...ranked.slice(0, MAX_RESULTS - typed.length), ...typed.map(plain)]
    : [...typed.map(plain), ...ranked];
  const lines = found.slice(0, MAX_RESULTS);
  return lines.length === 0 ? [] : [{ label: '', lines }];
}
