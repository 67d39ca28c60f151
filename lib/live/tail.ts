import type { Socket } from 'socket.io';
import type { GatewayEvent, RequestRecord } from '../contracts/control.ts';
import type { TailFilter } from '../contracts/tail.ts';
import { filterKey, passerOf } from '../contracts/tail-filter.ts';
import { PitwallError } from '../kernel/errors.ts';
import { inCohorts, type Timing } from './in-cohorts.ts';
import { createMessage, type Message } from './message.ts';
import { isReady } from './pressure.ts';

/** Lines go out together this often, ms, and at most so many of a filter; what is beyond is counted as dropped. */
const BATCH_MS = 100;
const MAX_BATCH = 500;
/** Lines that are looked at in a batch: of filters that let little pass, more than go out. */
const MAX_SEEN = 5_000;
/** Longest path of a line, and most characters of paths of a batch: what is beyond is cut, or dropped. */
const MAX_PATH = 2_048;
const MAX_PATHS = 65_536;
/** Different filters at once: each costs a look at every line. */
export const MAX_FILTERS = 50;

/** Live requests for the clients that asked for them; the gateways are asked only while there are any. */
export interface Tail {
  /** A client's filter, or its new one. @throws PitwallError too_many_requests where there are too many others */
  join(socket: Socket, filter: TailFilter): void;
  leave(socket: Socket): void;
  has(socket: Socket): boolean;
}

/** The clients of one filter. */
interface Group {
  readonly passes: (record: RequestRecord) => boolean;
  /** By client, the lines that it missed because its connection was busy. */
  readonly missed: Map<Socket, number>;
}

/** The lines of one batch that pass a filter, as they go out. */
interface Batch {
  readonly records: readonly RequestRecord[];
  readonly dropped: number;
  /** Encoded once for all who missed nothing before. */
  readonly message: Message;
}

/** @param subscribe starts the stream of requests; returns what ends it */
export function createTail(subscribe: (listener: (event: GatewayEvent) => void) => () => void, timing: Timing): Tail {
  const groups = new Map<string, Group>();
  const keys = new Map<Socket, string>();
  let stop: (() => void) | undefined;

  function start(): () => void {
    let records: RequestRecord[] = [];
    let dropped = 0;
    /** Clients that haven't had the batch under way: what comes meanwhile waits for the next. */
    let behind = 0;
    let takeBack = (): unknown => undefined;
    let cancel = timing.after(BATCH_MS, flush);
    const end = subscribe((event) => {
      if (event.type !== 'requests') return;
      const room = MAX_SEEN - records.length;
      for (const record of room < event.records.length ? event.records.slice(0, room) : event.records) {
        records.push(record.path.length > MAX_PATH ? cut(record) : record);
      }
      dropped += event.dropped + Math.max(0, event.records.length - room);
    });

    function flush(): void {
      cancel = timing.after(BATCH_MS, flush);
      if (behind > 0 || records.length + dropped === 0) return;
      const [all, unseen] = [records, dropped];
      records = [];
      dropped = 0;
      const deliveries = [...groups.values()].flatMap((group) => deliveriesOf(group, all, unseen));
      behind = deliveries.length;
      takeBack = inCohorts(deliveries, timing, (deliver) => {
        behind--;
        deliver();
      });
    }

    return () => {
      cancel();
      takeBack();
      end();
    };
  }

  /** What a batch has for each client of a group; looked for when the first of them has its turn. */
  function deliveriesOf(group: Group, all: readonly RequestRecord[], unseen: number): (() => void)[] {
    let made: Batch | undefined;
    const batch = (): Batch => (made ??= batchOf(all.filter(group.passes), unseen));
    return [...group.missed.keys()].map((socket) => () => send(socket, group, batch()));
  }

  function send(socket: Socket, { missed }: Group, { records, dropped, message }: Batch): void {
    const before = missed.get(socket);
    // It has left meanwhile, or has another filter.
    if (before === undefined || records.length + dropped === 0) return;
    if (!isReady(socket)) {
      missed.set(socket, before + records.length + dropped);
    } else if (before > 0) {
      missed.set(socket, 0);
      createMessage('requests', { records, dropped: dropped + before }).sendTo(socket);
    } else {
      message.sendTo(socket);
    }
  }

  function leaveGroup(socket: Socket): void {
    const key = keys.get(socket);
    const group = key === undefined ? undefined : groups.get(key);
    if (key === undefined || group === undefined) return;
    keys.delete(socket);
    group.missed.delete(socket);
    if (group.missed.size === 0) groups.delete(key);
  }

  return {
    has: (socket) => keys.has(socket),
    join(socket, filter) {
      const key = filterKey(filter);
      if (keys.get(socket) === key) return;
      const alone = groups.get(keys.get(socket) ?? '')?.missed.size === 1;
      if (!groups.has(key) && groups.size - (alone ? 1 : 0) >= MAX_FILTERS) {
        const detail = `Live requests are shown with at most ${MAX_FILTERS} different filters at once.`;
        throw new PitwallError('too_many_requests', `${detail} Take away a part of yours, or try again later.`);
      }
      leaveGroup(socket);
      const group = groups.get(key) ?? { passes: passerOf(filter), missed: new Map() };
      group.missed.set(socket, 0);
      groups.set(key, group);
      keys.set(socket, key);
      stop ??= start();
    },
    leave(socket) {
      leaveGroup(socket);
      if (keys.size > 0) return;
      stop?.();
      stop = undefined;
    },
  };
}

/** @param passed the lines that pass; @param unseen how many weren't looked at */
function batchOf(passed: readonly RequestRecord[], unseen: number): Batch {
  const records = atMost(passed);
  const dropped = unseen + passed.length - records.length;
  return { records, dropped, message: createMessage('requests', { records, dropped }) };
}

/** The first lines of a batch, as far as its bounds go. */
function atMost(records: readonly RequestRecord[]): readonly RequestRecord[] {
  let characters = 0;
  let count = 0;
  for (const { path } of records) {
    characters += path.length;
    if (characters > MAX_PATHS || count === MAX_BATCH) break;
    count++;
  }
  return records.slice(0, count);
}

function cut(record: RequestRecord): RequestRecord {
  return { ...record, path: `${record.path.slice(0, MAX_PATH)}…` };
}
