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

  function fold(shaped: Shaped, at: number): Shaped {
    const { shape } = shaped;
    // An empty segment, as at the end of a path that ends in "/", is no word: a parameter wouldn't match it.
    if (!shape.segments[at] || !folded.has(maskOf(shaped, at))) return shaped;
    return { ...shaped, shape: { ...shape, segments: shape.segments.with(at, null) } };
  }

  return {
    learn(all, most) {
      let shapes = all;
      const longest = Math.max(0, ...all.map(({ shape }) => shape.segments.length));
      // From the left, as paths branch: what is folded there brings together what is to the right of it.
      for (let at = 0; at < longest; at++) {
        const words = new Map<string, Set<string>>();
        for (const shaped of shapes) {
          const word = shaped.shape.segments[at];
          if (!word) continue;
          const mask = maskOf(shaped, at);
          words.set(mask, (words.get(mask) ?? new Set()).add(word));
        }
        for (const [mask, { size }] of words) if (size > most && folded.size < MOST_FOLDS) folded.add(mask);
        shapes = shapes.map((shaped) => fold(shaped, at));
      }
    },
    apply(shaped) {
      if (folded.size === 0) return shaped.shape;
      let result = shaped;
      for (let at = 0; at < shaped.shape.segments.length; at++) result = fold(result, at);
      return result.shape;
    },
  };
}
