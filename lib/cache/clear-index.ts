import { matchesGlob, parseGlob, type Glob } from './clear-glob.ts';
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
  readonly glob: Glob | undefined;
}

/** Which clears match an entry: those in force, not those that were voided or folded. */
export interface ClearIndex {
  /** Clears come in the order of their numbers. */
  add(clear: Clear): void;
  drop(clear: Clear): void;
  /** The strongest clear above `from` that matches. */
  strongest(entry: Clearable, from: number): Verdict;
  /** Whether a clear above `from` may match what is stored for `url`, whatever its tags and service. */
  touches(url: string, from: number): boolean;
}

export function createClearIndex(): ClearIndex {
  const keys = new Map<string, Clear[]>();
  const tags = new Map<string, Clear[]>();
  const services = new Map<string, Clear[]>();
  const all: Clear[] = [];
  const tree = createPrefixTree<Pattern>();
  const patterns = new Map<Clear, Pattern>();
  /** The last number of a clear by tag or service, voided or not. */
  let lastOfGroup = 0;

  function addPattern(clear: Clear, text: string, glob: Glob | undefined): void {
    const pattern = { clear, glob };
    patterns.set(clear, pattern);
    tree.add(text, pattern);
  }

  return {
    add(clear) {
      const { scope } = clear;
      if ('all' in scope) all.push(clear);
      else if ('key' in scope) push(keys, scope.key, clear);
      else if ('prefix' in scope) addPattern(clear, scope.prefix, undefined);
      else if ('glob' in scope) {
        const glob = parseGlob(scope.glob);
        addPattern(clear, glob.start, glob);
      } else {
        lastOfGroup = clear.number;
        if ('tag' in scope) push(tags, scope.tag, clear);
        else push(services, scope.service, clear);
      }
    },

    drop(clear) {
      const { scope } = clear;
      if ('all' in scope) remove(all, clear);
      else if ('key' in scope) pull(keys, scope.key, clear);
      else if ('tag' in scope) pull(tags, scope.tag, clear);
      else if ('prefix' in scope || 'glob' in scope) {
        const pattern = patterns.get(clear);
        if (pattern === undefined) return;
        patterns.delete(clear);
        tree.drop('prefix' in scope ? scope.prefix : (pattern.glob as Glob).start, pattern);
      } else pull(services, scope.service, clear);
    },

    strongest(entry, from) {
      const url = urlOf(entry.key);
      const { service } = entry;
      let soft = false;
      /** Looks at the latest first; true: hard. */
      const look = (clears: readonly Clear[] | undefined): boolean => {
        if (clears === undefined) return false;
        for (let i = clears.length - 1; i >= 0; i--) {
          const clear = clears[i] as Clear;
          if (clear.number <= from) return false;
          if (!concerns(clear, service)) continue;
          if (clear.mode === 'hard') return true;
          soft = true;
        }
        return false;
      };
      if (look(all) || look(keys.get(url)) || look(services.get(service))) return 'hard';
      for (const tag of entry.tags) if (look(tags.get(tag))) return 'hard';
      let hard = false;
      tree.walk(url, (found) => {
        for (let i = found.length - 1; i >= 0; i--) {
          const { clear, glob } = found[i] as Pattern;
          if (clear.number <= from) return false;
          if (soft && clear.mode === 'soft') continue;
          if (!concerns(clear, service) || (glob !== undefined && !matchesGlob(glob, url))) continue;
          if (clear.mode === 'hard') return (hard = true);
          soft = true;
        }
        return false;
      });
      if (hard) return 'hard';
      return soft ? 'soft' : 'live';
    },

    touches(url, from) {
      if (lastOfGroup > from || isAbove(all, from) || isAbove(keys.get(url), from)) return true;
      let touched = false;
      tree.walk(url, (found) => {
        for (let i = found.length - 1; i >= 0; i--) {
          const { clear, glob } = found[i] as Pattern;
          if (clear.number <= from) return false;
          if (glob === undefined || matchesGlob(glob, url)) return (touched = true);
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

function isAbove(clears: readonly Clear[] | undefined, from: number): boolean {
  const last = clears?.at(-1);
  return last !== undefined && last.number > from;
}

function push(lists: Map<string, Clear[]>, name: string, clear: Clear): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [clear]);
  else list.push(clear);
}

function pull(lists: Map<string, Clear[]>, name: string, clear: Clear): void {
  const list = lists.get(name);
  if (list === undefined) return;
  remove(list, clear);
  if (list.length === 0) lists.delete(name);
}

function remove(list: Clear[], clear: Clear): void {
  const index = list.indexOf(clear);
  if (index !== -1) list.splice(index, 1);
}
