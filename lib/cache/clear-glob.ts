/** A glob taken apart at its stars; every text but its literal start. `*` stands for any run of characters. */
export interface Glob {
  /** What comes before the first star: found by the index, not looked at again. */
  readonly start: string;
  /** Undefined where there is no star: then the text is `start`. */
  readonly end: string | undefined;
  readonly middle: readonly Piece[];
}

interface Piece {
  readonly text: string;
  /** Of a long piece: for each of its characters, how much of its start the text before still matches (Knuth, Morris, Pratt). */
  readonly borders: Uint16Array | Uint32Array | undefined;
}

/** Shorter pieces are found by indexOf, whose worst case is text times piece. */
const LONG_PIECE = 16;

export function parseGlob(glob: string): Glob {
  const [start = '', ...rest] = glob.split('*');
  const end = rest.pop();
  const middle = rest.filter((text) => text !== '').map((text) => ({ text, borders: bordersOf(text) }));
  return { start, end, middle };
}

/**
 * Whether the glob stands for all of `url`, which begins with its `start`. Time grows with the lengths of both, never
 * with their product: each piece is taken where it first occurs, since a later place never leaves more room.
 */
export function matchesGlob({ start, end, middle }: Glob, url: string): boolean {
  if (end === undefined) return url.length === start.length;
  const limit = url.length - end.length;
  if (limit < start.length || !url.endsWith(end)) return false;
  let at = start.length;
  for (const { text, borders } of middle) {
    const found = borders === undefined ? url.indexOf(text, at) : find(url, text, borders, at);
    at = found + text.length;
    if (found === -1 || at > limit) return false;
  }
  return true;
}

function bordersOf(text: string): Piece['borders'] {
  if (text.length <= LONG_PIECE) return undefined;
  const borders = text.length < 65_536 ? new Uint16Array(text.length) : new Uint32Array(text.length);
  for (let i = 1, matched = 0; i < text.length; i++) {
    while (matched > 0 && text.charCodeAt(i) !== text.charCodeAt(matched)) matched = borders[matched - 1] as number;
    if (text.charCodeAt(i) === text.charCodeAt(matched)) matched++;
    borders[i] = matched;
  }
  return borders;
}

function find(url: string, text: string, borders: NonNullable<Piece['borders']>, from: number): number {
  for (let i = from, matched = 0; i < url.length; i++) {
    const code = url.charCodeAt(i);
    while (matched > 0 && code !== text.charCodeAt(matched)) matched = borders[matched - 1] as number;
    if (code === text.charCodeAt(matched)) matched++;
    if (matched === text.length) return i + 1 - matched;
  }
  return -1;
}
