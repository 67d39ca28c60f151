/** How well a text matches, and which of its characters do, ascending. */
export interface Match {
  /** 0 to 100; an empty query matches everything with 0. */
  readonly score: number;
  readonly hits: readonly number[];
}

const isStart = (text: string, at: number): boolean =>
  at === 0 || (/[\p{L}\p{N}]/u.test(text[at] ?? '') && !/[\p{L}\p{N}]/u.test(text[at - 1] ?? ''));

const range = (from: number, length: number): number[] => Array.from({ length }, (_, i) => from + i);

/** As a whole: 100 at the start, 85 at the start of a word, 65 within one. */
function whole(term: string, text: string): Match | null {
  let best = -1;
  for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1)) {
    if (best < 0) best = at;
    if (isStart(text, at)) {
      best = at;
      break;
    }
  }
  if (best < 0) return null;
  const score = best === 0 ? 100 : isStart(text, best) ? 85 : 65;
  return { score, hits: range(best, term.length) };
}

/** Letter by letter, in order: at most 50, and less for each gap. One that is spread too far is no match. */
function scattered(term: string, text: string): Match | null {
  if (term.length < 2) return null;
  const hits: number[] = [];
  let gaps = 0;
  for (const letter of term) {
    const after = (hits.at(-1) ?? -1) + 1;
    let at = text.indexOf(letter, after);
    if (at < 0) return null;
    if (at > after && !isStart(text, at)) {
      // The start of a later word is what people abbreviate by.
      for (let later = at; later >= 0; later = text.indexOf(letter, later + 1)) {
        if (isStart(text, later)) {
          at = later;
          break;
        }
      }
    }
    if (hits.length > 0 && at > after) gaps += isStart(text, at) ? 1 : 4;
    else if (hits.length === 0 && !isStart(text, at)) gaps += 4;
    hits.push(at);
  }
  return gaps > term.length * 2 ? null : { score: Math.max(1, 50 - gaps * 3), hits };
}

/**
 * How well `query` matches `title`, or less well `more`, which belongs to it. Every word of the query has to be found;
 * case doesn't matter; of two that match alike the shorter comes first.
 */
export function match(query: string, title: string, more = ''): Match | null {
  const terms = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (terms.length === 0) return { score: 0, hits: [] };
  const [text, rest] = [title.toLowerCase(), more.toLowerCase()];
  const hits = new Set<number>();
  let sum = 0;
  for (const term of terms) {
    const inTitle = whole(term, text);
    const found = inTitle ?? (rest.includes(term) ? { score: 40, hits: [] } : scattered(term, text));
    if (found === null) return null;
    sum += found.score;
    // Lower case may be longer than the title: what lies past it isn't shown.
    for (const hit of found.hits) if (hit < title.length) hits.add(hit);
  }
  const score = sum / terms.length - Math.min(4, title.length / 50);
  return { score: Math.max(1, score), hits: [...hits].sort((a, b) => a - b) };
}
