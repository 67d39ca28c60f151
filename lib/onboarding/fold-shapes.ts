import type { Shape } from './path-shape.ts';

/** Most places that are remembered; each took many shapes to find. */
const MOST_FOLDS = 1_000;

/** Something that has a shape. */
export interface Shaped {
  readonly method: string;
  readonly shape: Shape;
}

/** What tells two apart that differ in one segment alone. */
function maskOf({ method, shape: { segments, rest } }: Shaped, at: number): string {
  return JSON.stringify([method, at, rest, segments.map((segment, i) => (i === at ? '' : segment))]);
}

/** Places in which so many words stand that they are taken for one parameter. */
export interface Folds {
  /** Looks for such places; more than `most` words in one are many. */
  learn(all: readonly Shaped[], most: number): void;
  apply(shaped: Shaped): Shape;
}

export function createFolds(): Folds {
  const folded = new Set<string>();
  /** By a path's length, where anything is folded at all: a mask is made for each record, and costs more than the rest. */
  const places = new Map<number, Set<number>>();

  function remember(mask: string, length: number, at: number): void {
    folded.add(mask);
    places.set(length, (places.get(length) ?? new Set()).add(at));
  }

  function fold(shaped: Shaped, at: number): Shaped {
    const { shape } = shaped;
    // An empty segment, as at the end of a path that ends in "/", is no word: a parameter wouldn't match it.
    if (!shape.segments[at] || !places.get(shape.segments.length)?.has(at)) return shaped;
    if (!folded.has(maskOf(shaped, at))) return shaped;
    return { ...shaped, shape: { ...shape, segments: shape.segments.with(at, null) } };
  }

  return {
    learn(all, most) {
      let shapes = all;
      const longest = Math.max(0, ...all.map(({ shape }) => shape.segments.length));
      // From the left, as paths branch: what is folded there brings together what is to the right of it.
      for (let at = 0; at < longest; at++) {
        const words = new Map<string, { readonly length: number; readonly found: Set<string> }>();
        for (const shaped of shapes) {
          const word = shaped.shape.segments[at];
          if (!word) continue;
          const mask = maskOf(shaped, at);
          const known = words.get(mask) ?? { length: shaped.shape.segments.length, found: new Set() };
          known.found.add(word);
          words.set(mask, known);
        }
        for (const [mask, { length, found }] of words) {
          if (found.size > most && folded.size < MOST_FOLDS) remember(mask, length, at);
        }
        shapes = shapes.map((shaped) => fold(shaped, at));
      }
    },
    apply(shaped) {
      let result = shaped;
      for (let at = 0; at < shaped.shape.segments.length; at++) result = fold(result, at);
      return result.shape;
    },
  };
}
