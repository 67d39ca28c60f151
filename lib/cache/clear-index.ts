import { createChains, type ChainLink } from './clear-chains.ts';
import { createGlobMatcher, parseGlob, type Glob } from './clear-glob.ts';
import type { ClearMode } from './clear-record.ts';
import { serviceOf, type Clear } from './clear-scope.ts';
import { createPrefixTree } from './clear-tree.ts';
import { urlOf } from './entry-key.ts';
import type { Entry } from './entry.ts';

export type Verdict = 'live' | ClearMode;
/** What of an entry the clear log looks at. */
export type Clearable = Pick<Entry, 'key' | 'service' | 'tags' | 'clearNumber' | 'tested'>;

interface Pattern {
  readonly clear: Clear;
  /** What its URLs begin with. */
  readonly start: string;
  readonly glob: Glob | undefined;
  /** Which of the glob's needs it is found by; undefined: by its start. */
  readonly gram: number | undefined;
}

/** Which clears match an entry: those in force, not those that were voided or folded. */
export interface ClearIndex {
  /** Clears come in the order of their numbers. */
  add(clear: Clear): void;
  drop(clear: Clear): void;
  /** The strongest clear above `from` that matches; past MAX_GLOB_WORK every glob left does, so that it's never less. */
  strongest(entry: Clearable, from: number): Clear | undefined;
  /** Whether a clear above `from` may match what is stored for `url`, whatever its tags and service. */
  touches(url: string, from: number): boolean;
}

/** @param storedAs under which URL the answer to a request for a URL is stored, where a policy spells it otherwise */
export function createClearIndex(storedAs: (url: string) => string = (url) => url): ClearIndex {
  const keys = createChains<Clear>();
  /** Clears of keys once more, by the URL that what they name is stored under, where that is another one. */
  const respelled = createChains<Clear>();
  const spellings = new Map<Clear, string>();
  const tags = createChains<Clear>();
  const services = createChains<Clear>();
  const all = createChains<Clear>();
  /** Prefixes, and globs that are all stars: by their literal starts, which are found in the tree. */
  const starts = createChains<Pattern>();
  const tree = createPrefixTree();
  /** Other globs, each by the rarest of its needs: of thousands a URL meets those few whose three characters it holds. */
  const grams = createChains<Pattern, number>();
  const foundBy = new Map<number, number>();
  const matcher = createGlobMatcher();
  const patterns = new Map<Clear, Pattern>();
  /** The last number of a clear by tag or service, voided or not; and of one by prefix or glob. */
  let lastOfGroup = 0;
  let lastOfPatterns = 0;

  function addPattern(clear: Clear, start: string, glob: Glob | undefined): void {
    const gram = glob && rarest(glob.needs);
    const pattern = { clear, start, glob, gram };
    lastOfPatterns = clear.number;
    patterns.set(clear, pattern);
    if (gram === undefined) {
      starts.add(start, pattern);
      tree.add(start);
    } else {
      grams.add(gram, pattern);
      foundBy.set(gram, (foundBy.get(gram) ?? 0) + 1);
    }
  }

  function rarest(needs: readonly number[]): number | undefined {
    let [found, fewest]: [number | undefined, number] = [undefined, Infinity];
    for (const gram of needs) {
      const others = foundBy.get(gram) ?? 0;
      if (others < fewest) [found, fewest] = [gram, others];
    }
    return found;
  }

  function dropPattern(clear: Clear): void {
    const pattern = patterns.get(clear);
    if (pattern === undefined) return;
    const { start, gram } = pattern;
    patterns.delete(clear);
    if (gram === undefined) {
      starts.drop(start, pattern);
      if (starts.latest(start) === undefined) tree.drop(start);
    } else {
      grams.drop(gram, pattern);
      const others = (foundBy.get(gram) as number) - 1;
      if (others === 0) foundBy.delete(gram);
      else foundBy.set(gram, others);
    }
  }

  /** Calls `visit` with the patterns above `from` that may stand for `url`, until it returns true. */
  function eachPattern(url: string, from: number, visit: (pattern: Pattern) => boolean): void {
    if (lastOfPatterns <= from) return;
    matcher.begin(url);
    let ended = false;
    const visitChain = (latest: ChainLink<Pattern> | undefined): boolean => {
      for (let link = latest; link !== undefined && link.item.clear.number > from; link = link.older) {
        if (visit(link.item)) return (ended = true);
      }
      return false;
    };
    tree.walk(url, (start) => visitChain(starts.latest(start)));
    if (ended || foundBy.size === 0) return;
    for (const gram of matcher.grams()) if (visitChain(grams.latest(gram))) return;
  }

  function addKey(clear: Clear, key: string): void {
    keys.add(key, clear);
    const url = storedAs(key);
    if (url === key) return;
    spellings.set(clear, url);
    respelled.add(url, clear);
  }

  function dropKey(clear: Clear, key: string): void {
    keys.drop(key, clear);
    const url = spellings.get(clear);
    if (url === undefined) return;
    spellings.delete(clear);
    respelled.drop(url, clear);
  }

  const matches = ({ glob }: Pattern): boolean => glob === undefined || matcher.matches(glob);

  return {
    add(clear) {
      const { scope } = clear;
      if ('all' in scope) all.add('', clear);
      else if ('key' in scope) addKey(clear, scope.key);
      else if ('prefix' in scope) addPattern(clear, scope.prefix, undefined);
      else if ('glob' in scope) {
        const glob = parseGlob(scope.glob);
        addPattern(clear, glob.start, glob);
      } else {
        lastOfGroup = clear.number;
        if ('tag' in scope) tags.add(scope.tag, clear);
        else services.add(scope.service, clear);
      }
    },

    drop(clear) {
      const { scope } = clear;
      if ('all' in scope) all.drop('', clear);
      else if ('key' in scope) dropKey(clear, scope.key);
      else if ('tag' in scope) tags.drop(scope.tag, clear);
      else if ('prefix' in scope || 'glob' in scope) dropPattern(clear);
      else services.drop(scope.service, clear);
    },

    strongest(entry, from) {
      const url = urlOf(entry.key);
      const { service } = entry;
      let found: Clear | undefined;
      /** Looks at the latest first; true: hard. */
      const look = (latest: ChainLink<Clear> | undefined): boolean => {
        for (let link = latest; link !== undefined; link = link.older) {
          const clear = link.item;
          if (clear.number <= from) return false;
          if (!concerns(clear, service, url)) continue;
          if (clear.mode === 'hard') {
            found = clear;
            return true;
          }
          found ??= clear;
        }
        return false;
      };
      if (look(all.latest('')) || look(keys.latest(url)) || look(respelled.latest(url))) return found;
      if (look(services.latest(service))) return found;
      for (const tag of entry.tags) if (look(tags.latest(tag))) return found;
      eachPattern(url, from, (pattern) => {
        const { clear } = pattern;
        if (found !== undefined && clear.mode === 'soft') return false;
        if (!concerns(clear, service, url) || !matches(pattern)) return false;
        found = clear;
        return clear.mode === 'hard';
      });
      return found;
    },

    touches(url, from) {
      if (lastOfGroup > from || isAbove(all.latest(''), from)) return true;
      if (isAbove(keys.latest(url), from) || isAbove(respelled.latest(url), from)) return true;
      let touched = false;
      eachPattern(url, from, (pattern) => (touched = matches(pattern)));
      return touched;
    },
  };
}

/** Whether an entry of this service and URL is among those that a clear is limited to. */
function concerns({ scope }: Clear, service: string, url: string): boolean {
  const only = serviceOf(scope);
  if (only !== undefined && only !== service) return false;
  return !('origin' in scope) || scope.origin === undefined || url.startsWith(`${scope.origin}/`);
}

function isAbove(latest: ChainLink<Clear> | undefined, from: number): boolean {
  return latest !== undefined && latest.item.number > from;
}
