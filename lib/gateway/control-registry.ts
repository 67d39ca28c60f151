import type { ControlBus } from './control-bus.ts';
import { isOurs, VERSION } from './control-message.ts';

/** What an instance says of itself with every beat. */
export interface InstanceInfo {
  readonly instance: string;
  /** Of this life of it: another process with the same name has another. */
  readonly id: string;
  /** Gateway workers; 0 = a console alone. */
  readonly workers: number;
  /** Where clients reach its gateway. */
  readonly url: string | undefined;
  /** Why its newest configuration was refused. */
  readonly configError: string | null;
}

export interface RegisteredInstance extends InstanceInfo {
  /** It said so within ALIVE_MS. */
  readonly alive: boolean;
  /** Since it last said so, ms. */
  readonly silentMs: number;
}

/** How often an instance says that it's there, ms. */
export const BEAT_MS = 500;
/** After this silence it counts as missing, ms. */
export const ALIVE_MS = 2_000;
/** After this silence it's forgotten, ms. */
export const FORGET_MS = 300_000;
const KEY = 'control:instances';
/** Most instances that are looked at: what a fleet can't have. */
const MOST = 1_000;

/** Answers [now, what was there before]; all times are Redis' own, so that no two clocks are compared. */
const BEAT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local before = redis.call('HGET', KEYS[1], ARGV[1])
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now) .. ' ' .. ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return { string.format('%.0f', now), before or '' }`;

const LIST = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local all = redis.call('HGETALL', KEYS[1])
local found = { string.format('%.0f', now) }
for i = 1, #all, 2 do
  local at = tonumber(string.match(all[i + 1], '^%d+')) or 0
  if now - at > tonumber(ARGV[1]) then redis.call('HDEL', KEYS[1], all[i]) else found[#found + 1] = all[i + 1] end
end
return found`;

const LEAVE = `
local there = redis.call('HGET', KEYS[1], ARGV[1])
if there and string.find(there, ARGV[2], 1, true) then redis.call('HDEL', KEYS[1], ARGV[1]) end
return 1`;

/** The list of a fleet's instances in Redis. All methods reject with `gateway_unavailable` when Redis is away. */
export interface ControlRegistry {
  /** Says that `info` is there. Resolves with whether another process that is alive has the same name. */
  beat(info: InstanceInfo): Promise<{ readonly rival: boolean }>;
  list(): Promise<RegisteredInstance[]>;
  /** Takes it off the list: it ends in peace. */
  leave(info: Pick<InstanceInfo, 'instance' | 'id'>): Promise<void>;
}

export function createControlRegistry(bus: ControlBus): ControlRegistry {
  return {
    async beat(info) {
      const text = JSON.stringify({ v: VERSION, ...info });
      const answer = (await bus.run(BEAT, KEY, info.instance, text, FORGET_MS)) as [string, string];
      const before = read(answer[1], Number(answer[0]));
      return { rival: before !== undefined && before.id !== info.id && before.alive };
    },
    async list() {
      const [now, ...entries] = (await bus.run(LIST, KEY, FORGET_MS)) as string[];
      return entries
        .slice(0, MOST)
        .flatMap((entry) => read(entry, Number(now)) ?? [])
        .sort((a, b) => (a.instance < b.instance ? -1 : 1));
    },
    async leave({ instance, id }) {
      await bus.run(LEAVE, KEY, instance, id);
    },
  };
}

function read(entry: string, now: number): RegisteredInstance | undefined {
  const space = entry.indexOf(' ');
  const silentMs = Math.max(0, now - Number(entry.slice(0, space)));
  let info: unknown;
  try {
    info = JSON.parse(entry.slice(space + 1));
  } catch {
    return undefined;
  }
  if (!isOurs(info)) return undefined;
  const { instance, id, workers, url, configError } = info as unknown as InstanceInfo;
  return { instance, id, workers, url, configError, silentMs, alive: silentMs <= ALIVE_MS };
}
