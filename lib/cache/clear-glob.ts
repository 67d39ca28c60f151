/** A glob taken apart at its stars; every text but its literal start. `*` stands for any run of characters. */
export interface Glob {
  /** What comes before the first star. */
  readonly start: string;
  /** Undefined where there is no star: then the text is `start`. */
  readonly end: string | undefined;
  readonly middle: readonly Piece[];
  /** Hashes of three characters each that every URL it stands for holds behind its start; none where it's all stars. */
  readonly needs: readonly number[];
}

interface Piece {
  readonly text: string;
  /** Its first LONG_PIECE characters, looked for natively. */
  readonly head: string;
  /** Hashes of three characters each that a URL must hold (`gramAt`). */
  readonly grams: Uint16Array;
  /** Of a long piece: for each of its characters, how much of its start the text before still matches (Knuth, Morris, Pratt). */
  readonly borders: Uint16Array | Uint32Array | undefined;
}

/** Shorter pieces are found by indexOf, whose worst case is text times piece. */
const LONG_PIECE = 16;
/** Values of `gramAt`: 16 bits. */
const GRAM_HASHES = 65_536;
const MAX_GRAMS = 64;
/** About as many hashes to choose from as a glob's `needs`. */
const MAX_NEEDS = 16;
/** Characters and hashes compared for one URL (16 characters of a start count as one), past which globs aren't tried any more but count as matching. */
export const MAX_GLOB_WORK = 2_000_000;

export function parseGlob(glob: string): Glob {
  const [start = '', ...rest] = glob.split('*');
  const end = rest.pop();
  const middle = rest.filter((text) => text !== '').map(pieceOf);
  const texts = [...(end === undefined ? [] : [gramsOf(end)]), ...middle.map(({ grams }) => grams)];
  const each = Math.ceil(MAX_NEEDS / Math.max(1, texts.length));
  const needs = texts.flatMap((grams) => [...grams.subarray(0, each)]);
  return { start, end, middle, needs };
}

function pieceOf(text: string): Piece {
  return { text, head: text.slice(0, LONG_PIECE), grams: gramsOf(text), borders: bordersOf(text) };
}

/** Whether globs stand for a URL, with a bound on the work for all of them. */
export interface GlobMatcher {
  /** Takes the next URL; its work counts from 0. */
  begin(url: string): void;
  /** The URL's own hashes of three characters each, every one once; to be read before the next `begin`. */
  grams(): Uint16Array;
  /**
   * Whether the glob stands for all of the URL. Past MAX_GLOB_WORK every glob does.
   * Time grows with the lengths of both, never with their product: each piece is taken where it first occurs, since a
   * later place never leaves more room.
   */
  matches(glob: Glob): boolean;
}

export function createGlobMatcher(): GlobMatcher {
  let url = '';
  let work = 0;
  /** A bit for each hash of three characters that follow each other in the URL; filled when first asked. */
  const grams = new Uint32Array(GRAM_HASHES / 32);
  /** The same as a list. */
  const listed = new Uint16Array(GRAM_HASHES);
  let count = 0;
  let filled = false;

  function fill(): void {
    filled = true;
    work += url.length;
    grams.fill(0);
    count = 0;
    for (let i = 2; i < url.length; i++) {
      const hash = gramAt(url, i);
      const word = grams[hash >> 5] as number;
      const bit = 1 << (hash & 31);
      if ((word & bit) !== 0) continue;
      grams[hash >> 5] = word | bit;
      listed[count++] = hash;
    }
  }

  function mayHold({ grams: wanted }: Piece): boolean {
    if (!filled) fill();
    for (const hash of wanted) {
      work++;
      if (((grams[hash >> 5] as number) & (1 << (hash & 31))) === 0) return false;
    }
    return true;
  }

  function search({ text, head, borders }: Piece, from: number): number {
    const first = url.indexOf(head, from);
    work += (first === -1 ? url.length : first + head.length) - from;
    if (first === -1 || borders === undefined) return first;
    const found = find(url, text, borders, first);
    work += (found === -1 ? url.length : found + text.length) - first;
    return found;
  }

  return {
    begin(next) {
      url = next;
      work = 0;
      filled = false;
    },
    grams() {
      if (!filled) fill();
      return listed.subarray(0, count);
    },
    matches({ start, end, middle }) {
      if (work > MAX_GLOB_WORK) return true;
      work += 1 + (start.length >> 4);
      if (!url.startsWith(start)) return false;
      if (end === undefined) return url.length === start.length;
      const limit = url.length - end.length;
      if (limit < start.length) return false;
      if (end !== '') {
        work++;
        if (url.charCodeAt(url.length - 1) !== end.charCodeAt(end.length - 1)) return false;
        work += end.length;
        if (!url.endsWith(end)) return false;
      }
      for (const piece of middle) if (!mayHold(piece)) return false;
      let at = start.length;
      for (const piece of middle) {
        const found = search(piece, at);
        at = found + piece.text.length;
        if (found === -1 || at > limit) return false;
      }
      return true;
    },
  };
}

/** Hash of the three characters that end at `i`. */
function gramAt(text: string, i: number): number {
  return (text.charCodeAt(i) ^ (text.charCodeAt(i - 1) << 5) ^ (text.charCodeAt(i - 2) << 10)) & (GRAM_HASHES - 1);
}

/** Of the last MAX_GRAMS, the last first: globs that differ tend to differ there. */
function gramsOf(text: string): Uint16Array {
  const grams = new Uint16Array(Math.max(0, Math.min(text.length - 2, MAX_GRAMS)));
  for (let i = 0; i < grams.length; i++) grams[i] = gramAt(text, text.length - 1 - i);
  return grams;
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
