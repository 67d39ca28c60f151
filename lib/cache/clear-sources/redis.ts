import { crc32 } from 'node:zlib';
import type { Cluster, Redis } from 'ioredis';
import { PitwallError } from '../../kernel/errors.ts';
import { runScript, type Script } from '../../kernel/redis-script.ts';
import { notUndoable } from '../clear-append.ts';
import type { ClearBounds } from '../clear-book.ts';
import type { ClearDraft, ClearMode, ClearRecord, ClearSource, FoldedClear } from '../clear-record.ts';
import { isPattern, parseDraft, parseRecord } from '../clear-scope.ts';
import { SLICE_LENGTH, SLICE_RECORDS } from '../clear-slice.ts';
import { APPEND, MEND, SINCE } from './redis-scripts.ts';
import type { RemoteLog } from './remote-log.ts';
import { createSharedClears } from './shared.ts';

const PARTS = ['top', 'order', 'records', 'voids', 'names', 'patterns', 'folds'] as const;

export interface RedisClearsOptions extends ClearBounds {
  /** In front of the log's keys, which share one hash tag. */
  readonly prefix: string;
  /** ms since the epoch. */
  wall(): number;
  newId(): string;
}

/**
 * The clear log in Redis, shared by a fleet. What Redis loses (a flush, an old RDB file, a failover) the instances say
 * again (./shared). Deadlines are the client's.
 */
export function createRedisClearSource(client: Redis | Cluster, options: RedisClearsOptions): ClearSource {
  return createSharedClears(createRedisLog(client, options), options, () => crc32(options.newId()) / 2 ** 32);
}

function createRedisLog(client: Redis | Cluster, options: RedisClearsOptions): RemoteLog {
  const { prefix, names, patterns, wall, newId } = options;
  const keys = PARTS.map((part) => `${prefix}{clears}:${part}`);
  const run = (script: Script, args: readonly (string | number)[]): Promise<unknown> =>
    runScript(client, script, keys, args);

  return {
    async head() {
      // All keys of the log are used with each look: where Redis evicts any key, those used last stay.
      const [[number, id]] = await Promise.all([client.hmget(keys[0] as string, 'number', 'id'), client.touch(keys)]);
      return { number: Number(number ?? 0), id: id ?? '' };
    },

    async since(after) {
      const answer = (await run(SINCE, [after.number, after.id, SLICE_RECORDS, SLICE_LENGTH])) as SinceAnswer;
      const [linked, number, id, folds, found, jsons, more, floor] = answer;
      const records = jsons.map((json, i) => readRecord(json, found[2 * i + 1]));
      const head = { number: Number(number), id };
      return {
        linked: linked === 1,
        more: more === 1,
        floor: Number(floor),
        news: { head, folded: readFolds(folds), records },
      };
    },

    async append(draft) {
      const parsed = parseDraft(draft);
      const id = newId();
      const json = JSON.stringify({ ...parsed, id, at: wall() });
      const kind = kindOf(parsed);
      const most = kind === 'patterns' ? patterns : names;
      const target = 'voids' in parsed ? parsed.voids : '';
      const written = (await run(APPEND, [id, json, kind, target, most])) as [string, string, string] | [];
      if (written.length === 0) throw notUndoable(target);
      return readRecord(written[2], written[0]);
    },

    async mend({ expected, ancestor, above, jump, folded, records }) {
      const told = records.flatMap((record) => [
        record.id,
        JSON.stringify({ ...record, number: undefined }),
        kindOf(record),
        'voids' in record ? record.voids : '',
      ]);
      const head = expected === undefined ? ['', ''] : [expected.number, expected.id];
      const args = [...head, ancestor, above, newId(), names, patterns, JSON.stringify(folded), jump, ...told];
      return (await run(MEND, args)) === 1;
    },
  };
}

type SinceAnswer = [
  linked: number,
  number: string,
  id: string,
  folds: string[],
  found: string[],
  jsons: (string | null)[],
  more: number,
  floor: string,
];

function kindOf(draft: ClearDraft): 'names' | 'patterns' | 'void' {
  if ('voids' in draft) return 'void';
  return isPattern(draft) ? 'patterns' : 'names';
}

/** A row that is no record may have been a clear: better unconfirmed than passed over. */
function readRecord(json: string | null, number: string | undefined): ClearRecord {
  const record = parseRecord(json ?? '', Number(number));
  if (record === undefined)
    throw new PitwallError('storage_unavailable', 'The clear log in Redis holds what is no clear.');
  return record;
}

/** `mode` or `mode service`, then the number. */
function readFolds(flat: readonly string[]): FoldedClear[] {
  const folds: FoldedClear[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const field = flat[i] as string;
    const end = field.indexOf(' ');
    const service = end === -1 ? undefined : field.slice(end + 1);
    folds.push({
      service,
      mode: field.slice(0, end === -1 ? undefined : end) as ClearMode,
      number: Number(flat[i + 1]),
    });
  }
  return folds;
}
