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
}

/** Which clears match an entry: those in force, not those that were voided or folded. */
export interface ClearIndex {
  /** Clears come in the order of their numbers. */
  add(clear: Clear): void;
  drop(clear: Clear): void;
  /** The strongest clear above `from` that matches; past MAX_GLOB_WORK every glob left does, so that it's never less. */
  strongest(entry: Clearable, from: number): Verdict;
  /** Whether a clear above `from` may match what is stored for `url`, whatever its tags and service. */
  touches(url: string, from: number): boolean;
}

export function createClearIndex(): ClearIndex {
  const keys = createChains<Clear>();
  const tags = createChains<Clear>();
  const services = createChains<Clear>();
  const all = createChains<Clear>();
  /** By their literal starts, which are found in the tree. */
  const starts = createChains<Pattern>();
  const tree = createPrefixTree();
  const globs = createGlobMatcher();
  const patterns = new Map<Clear, Pattern>();
  /** The last number of a clear by tag or service, voided or not. */
  let lastOfGroup = 0;

  function addPattern(clear: Clear, start: string, glob: Glob | undefined): void {
    const pattern = { clear, start, glob };
    patterns.set(clear, pattern);
    starts.add(start, pattern);
    tree.add(start);
  }

  return {
    add(clear) {
      const { scope } = clear;
      if ('all' in scope) all.add('', clear);
      else if ('key' in scope) keys.add(scope.key, clear);
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
      else if ('key' in scope) keys.drop(scope.key, clear);
      else if ('tag' in scope) tags.drop(scope.tag, clear);
      else if ('prefix' in scope || 'glob' in scope) {
        const pattern = patterns.get(clear);
        if (pattern === undefined) return;
        patterns.delete(clear);
        starts.drop(pattern.start, pattern);
        if (starts.latest(pattern.start) === undefined) tree.drop(pattern.start);
      } else services.drop(scope.service, clear);
    },

    strongest(entry, from) {
      const url = urlOf(entry.key);
      const { service } = entry;
      let soft = false;
      /** Looks at the latest first; true: hard. */
      const look = (latest: ChainLink<Clear> | undefined): boolean => {
        for (let link = latest; link !== undefined; link = link.older) {
          const clear = link.item;
          if (clear.number <= from) return false;
          if (!concerns(clear, service)) continue;
          if (clear.mode === 'hard') return true;
          soft = true;
        }
        return false;
      };
      if (look(all.latest('')) || look(keys.latest(url)) || look(services.latest(service))) return 'hard';
      for (const tag of entry.tags) if (look(tags.latest(tag))) return 'hard';
      let hard = false;
      globs.begin(url);
      tree.walk(url, (start) => {
        for (let link = starts.latest(start); link !== undefined; link = link.older) {
          const { clear, glob } = link.item;
          if (clear.number <= from) return false;
          if (soft && clear.mode === 'soft') continue;
          if (!concerns(clear, service) || (glob !== undefined && !globs.matches(glob))) continue;
          if (clear.mode === 'hard') return (hard = true);
          soft = true;
        }
        return false;
      });
      if (hard) return 'hard';
      return soft ? 'soft' : 'live';
    },

    touches(url, from) {
      if (lastOfGroup > from || isAbove(all.latest(''), from) || isAbove(keys.latest(url), from)) return true;
      let touched = false;
      globs.begin(url);
      tree.walk(url, (start) => {
        for (let link = starts.latest(start); link !== undefined; link = link.older) {
          const { clear, glob } = link.item;
          if (clear.number <= from) return false;
          if (glob === undefined || globs.matches(glob)) return (touched = true);
        }
        return false;
      });
      return touched;
    },
  };
}

function concerns({ scope }: Clear, service: string): boolean {
  const only = serviceOf(scope);
  return only === undefined || only === service;
}

function isAbove(latest: ChainLink<Clear> | undefined, from: number): boolean {
  return latest !== undefined && latest.item.number > from;
}
