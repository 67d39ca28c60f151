import type { Change, ChangeList, ChangeListQuery } from '../contracts/changes.ts';
import { PitwallError } from '../kernel/errors.ts';
import { createEvents, type Events } from '../kernel/events.ts';

/** Changes that are kept; of more, the oldest goes first. */
export const KEPT_CHANGES = 1_000;

/** What changed since the start, newest last. A restart forgets it. */
export interface ChangeLog {
  /** A change, or the newer form of the one with its id, which keeps its place. */
  put(change: Change): void;
  /** @throws PitwallError validation_failed for a cursor that isn't one */
  list(query: ChangeListQuery): ChangeList;
  /** @throws PitwallError not_found for one that isn't kept, or never was */
  find(id: string): Change;
  /** Lists no more what was before, wall ms: it was of other services. */
  startAnew(at: number): void;
  /** Each change that is put and kept. */
  readonly events: Events<Change>;
}

interface Kept {
  readonly change: Change;
  /** Of changes of one ms, the order in which they came. */
  readonly order: number;
}

type Place = Pick<Kept, 'order'> & { readonly change: Pick<Change, 'at'> };

const compare = (a: Place, b: Place): number => a.change.at - b.change.at || a.order - b.order;

export function createChangeLog(most = KEPT_CHANGES): ChangeLog {
  const events = createEvents<Change>();
  /** In order of time: a worker elsewhere may tell late. */
  const kept: Kept[] = [];
  let orders = 0;
  /** What was before it is of other services. */
  let begun = 0;

  /** False where all that is kept is newer, and there's no room. */
  function insert(entry: Kept): boolean {
    const after = kept.findLastIndex((other) => compare(other, entry) < 0);
    if (after === -1 && kept.length === most) return false;
    kept.splice(after + 1, 0, entry);
    if (kept.length > most) kept.shift();
    return true;
  }

  return {
    events,
    put(given) {
      const known = kept.findIndex(({ change }) => change.id === given.id);
      const place = kept[known];
      const change = { ...given, at: place?.change.at ?? Math.floor(given.at) };
      if (place !== undefined) kept[known] = { change, order: place.order };
      else if (!insert({ change, order: orders++ })) return;
      events.emit(change);
    },
    find(id) {
      const found = kept.find(({ change }) => change.id === id);
      if (found === undefined) throw new PitwallError('not_found', 'That change isn’t kept any more, or never was.');
      return found.change;
    },
    startAnew: (at) => void (begun = Math.floor(at)),
    list({ service, kind, from = 0, to = Infinity, limit, after }) {
      const end = after === undefined ? undefined : placeOf(after);
      const found = kept
        .filter(
          (entry) =>
            entry.change.at >= Math.max(from, begun) &&
            entry.change.at <= to &&
            (end === undefined || compare(entry, end) < 0) &&
            (kind === undefined || kind.includes(entry.change.kind)) &&
            concerns(entry.change, service),
        )
        .reverse();
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const next = last === undefined || found.length === page.length ? null : `${last.change.at}.${last.order}`;
      return { changes: page.map(({ change }) => change), next };
    },
  };
}

/** What concerns a service: its own changes, and those of everything. */
function concerns(change: Change, service: string | undefined): boolean {
  return service === undefined || service === 'all' || change.service === null || change.service === service;
}

function placeOf(cursor: string): Place {
  const [, at, order] = /^(\d{1,15})\.(\d{1,15})$/.exec(cursor) ?? [];
  if (at === undefined || order === undefined) {
    throw new PitwallError('validation_failed', 'query.after: expected what "next" of the page before says');
  }
  return { change: { at: Number(at) }, order: Number(order) };
}
