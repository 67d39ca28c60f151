import type { RequestRecord } from '../contracts/control.ts';
import type { ShapeRow } from '../contracts/onboarding.ts';
import type { MissReason, Result } from '../contracts/traffic.ts';
import { createFolds } from './fold-shapes.ts';
import { patternOf, shapeOf, type Shape } from './path-shape.ts';

/** The ttl that is proposed and tried on what was observed, ms. */
export const PROPOSED_TTL_MS = 10_000;
/** More words in one place of a path are taken for a parameter. */
export const MOST_WORDS = 12;

/** Longest URL whose answers are compared, characters. */
export const MOST_URL = 512;

/** What requests of one method and shape came to. */
export interface ObservedRow extends Omit<ShapeRow, 'shape'> {
  readonly shape: Shape;
}

/** What was observed, by shape of the path. Bounded, whatever comes. */
export interface Observed {
  note(record: RequestRecord): void;
  rows(): readonly ObservedRow[];
  /** Requests of shapes beyond the bound. */
  other(): number;
}

export interface ObservedOptions {
  /** Most shapes that are kept apart. */
  readonly maxShapes?: number;
  /** Most URLs whose last answer is remembered; the one not asked for the longest goes. */
  readonly maxUrls?: number;
}

/** Answered without an origin call of one's own; in mode observe the reason says so. */
const SAVED: ReadonlySet<Result> = new Set(['l1', 'l2', 'l3', 'stale', 'coalesced']);

interface Tally {
  readonly method: string;
  readonly shape: Shape;
  requests: number;
  saved: number;
  readonly reasons: Map<MissReason, number>;
  failed: number;
  repeats: number;
  changed: number;
  withinTtl: number;
  ms: number;
}

/** The last answer to a URL. */
interface Answer {
  readonly bytes: number;
  /** When a ttl would have had it fetched, wall ms. */
  readonly fetchedAt: number;
}

export function createObserved({ maxShapes = 300, maxUrls = 5_000 }: ObservedOptions = {}): Observed {
  let tallies = new Map<string, Tally>();
  const answers = new Map<string, Answer>();
  const folds = createFolds();
  let other = 0;
  /** Folding again would bring nothing together: what is full takes no new shape that could. */
  let settled = false;

  const keyOf = (method: string, shape: Shape): string => `${method} ${patternOf(shape)}`;

  function refold(): void {
    folds.learn([...tallies.values()], MOST_WORDS);
    const before = [...tallies.values()];
    tallies = new Map();
    for (const tally of before) {
      const shape = folds.apply(tally);
      const key = keyOf(tally.method, shape);
      const into = tallies.get(key);
      if (into === undefined) tallies.set(key, { ...tally, shape });
      else add(into, tally);
    }
  }

  function tallyOf(method: string, path: string): Tally | undefined {
    const find = (): { key: string; shape: Shape; tally: Tally | undefined } => {
      const shape = folds.apply({ method, shape: shapeOf(path) });
      const key = keyOf(method, shape);
      return { key, shape, tally: tallies.get(key) };
    };
    let found = find();
    if (found.tally !== undefined) return found.tally;
    if (tallies.size >= maxShapes) {
      if (settled) return undefined;
      const before = tallies.size;
      refold();
      settled = tallies.size === before;
      found = find();
      if (found.tally !== undefined || tallies.size >= maxShapes) return found.tally;
    }
    const tally = emptyTally(method, found.shape);
    tallies.set(found.key, tally);
    return tally;
  }

  /** Compares with the last answer to the same URL, and tries the proposed ttl on what has none. */
  function compare(tally: Tally, { path, host, bytes, at, reason }: RequestRecord): void {
    const url = host + path;
    if (url.length > MOST_URL) return;
    const last = answers.get(url);
    answers.delete(url);
    const young = last !== undefined && at - last.fetchedAt < PROPOSED_TTL_MS;
    if (last !== undefined) {
      tally.repeats += 1;
      if (last.bytes !== bytes) tally.changed += 1;
      if (young && reason === 'no-freshness') tally.withinTtl += 1;
    }
    answers.set(url, { bytes, fetchedAt: young ? last.fetchedAt : at });
    if (answers.size > maxUrls) answers.delete(answers.keys().next().value as string);
  }

  return {
    note(record) {
      const method = record.method === 'HEAD' ? 'GET' : record.method;
      const [path = '/'] = record.path.split('?', 1);
      const tally = tallyOf(method, path);
      if (tally === undefined) {
        other += 1;
        return;
      }
      tally.requests += 1;
      tally.ms += record.ms;
      if (record.status >= 500) tally.failed += 1;
      if (record.reason === 'observe' || SAVED.has(record.result)) tally.saved += 1;
      else if (record.reason !== undefined) {
        tally.reasons.set(record.reason, (tally.reasons.get(record.reason) ?? 0) + 1);
      }
      if (record.method === 'GET' && record.status === 200 && !record.aborted) compare(tally, record);
    },
    rows() {
      refold();
      return [...tallies.values()]
        .sort((a, b) => b.requests - a.requests)
        .map(({ ms, reasons, ...tally }) => ({
          ...tally,
          reasons: Object.fromEntries(reasons),
          meanMs: ms / tally.requests,
        }));
    },
    other: () => other,
  };
}

function emptyTally(method: string, shape: Shape): Tally {
  return {
    method,
    shape,
    requests: 0,
    saved: 0,
    reasons: new Map(),
    failed: 0,
    repeats: 0,
    changed: 0,
    withinTtl: 0,
    ms: 0,
  };
}

function add(into: Tally, tally: Tally): void {
  into.requests += tally.requests;
  into.saved += tally.saved;
  into.failed += tally.failed;
  into.repeats += tally.repeats;
  into.changed += tally.changed;
  into.withinTtl += tally.withinTtl;
  into.ms += tally.ms;
  for (const [reason, count] of tally.reasons) into.reasons.set(reason, (into.reasons.get(reason) ?? 0) + count);
}
