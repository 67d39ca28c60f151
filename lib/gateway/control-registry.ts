import type { GatewayCommand } from '../contracts/control.ts';
import { script } from '../kernel/redis-script.ts';
import { parseMessage, type ControlBus } from './control-bus.ts';
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
  /** It's about to end: nobody is to miss it. */
  readonly draining: boolean;
}

export interface RegisteredInstance extends InstanceInfo {
  /** It said so within ALIVE_MS. */
  readonly alive: boolean;
}

/** How often an instance says that it's there, ms. */
export const BEAT_MS = 500;
/** After this silence it counts as missing, ms. */
export const ALIVE_MS = 2_000;
/** After this silence it's forgotten, ms. */
export const FORGET_MS = 300_000;
/** One hash: `i:NAME` an instance, `m:SERVICE` a mode that people set, `v` how often modes were set. */
const KEY = 'control:fleet';
/** Most instances and modes that are looked at, workers of one, and characters of a name: what a fleet can't have. */
const MOST = 1_000;
const MOST_WORKERS = 256;
const MOST_TEXT = 2_048;

/** All times are Redis' own, so that no two clocks are compared. */
const NOW = `
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))`;

/** Answers now, what was there before, and the modes' version. */
const BEAT = script(`${NOW}
local before = redis.call('HGET', KEYS[1], 'i:' .. ARGV[1])
redis.call('HSET', KEYS[1], 'i:' .. ARGV[1], now .. ' ' .. ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return { now, before or '', redis.call('HGET', KEYS[1], 'v') or '0' }`);

/** Answers now and every instance, and forgets those that were silent for too long. */
const LIST = script(`${NOW}
local all = redis.call('HGETALL', KEYS[1])
local found = { now }
for i = 1, #all, 2 do
  if string.sub(all[i], 1, 2) == 'i:' then
    local at = tonumber(string.match(all[i + 1], '^%d+')) or 0
    if tonumber(now) - at > tonumber(ARGV[1]) then redis.call('HDEL', KEYS[1], all[i])
    else found[#found + 1] = all[i + 1] end
  end
end
return found`);

const LEAVE = script(`
local there = redis.call('HGET', KEYS[1], 'i:' .. ARGV[1])
if there and string.find(there, ARGV[2], 1, true) then redis.call('HDEL', KEYS[1], 'i:' .. ARGV[1]) end
return 1`);

const SET_MODE = script(`
redis.call('HSET', KEYS[1], 'm:' .. ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return redis.call('HINCRBY', KEYS[1], 'v', 1)`);

const MODES = script(`
local all = redis.call('HGETALL', KEYS[1])
local found = {}
for i = 1, #all, 2 do
  if string.sub(all[i], 1, 2) == 'm:' then found[#found + 1] = all[i + 1] end
end
return found`);

export type SetMode = Extract<GatewayCommand, { type: 'set-mode' }>;

/**
 * What a fleet has in common: the list of its instances, and the modes that people set, for those that weren't there.
 * All methods reject with `gateway_unavailable` when Redis is away.
 */
export interface ControlRegistry {
  /** Says that `info` is there. Resolves with whether another live process has its name, and the modes' version. */
  beat(info: InstanceInfo): Promise<{ readonly rival: boolean; readonly modes: number }>;
  list(): Promise<RegisteredInstance[]>;
  /** Takes it off the list: it ends in peace. */
  leave(info: Pick<InstanceInfo, 'instance' | 'id'>): Promise<void>;
  /** Kept for as long as an instance beats. */
  setMode(mode: SetMode): Promise<void>;
  modes(): Promise<SetMode[]>;
}

export function createControlRegistry(bus: ControlBus): ControlRegistry {
  return {
    async beat(info) {
      const text = JSON.stringify({ v: VERSION, ...info });
      const answer = await bus.run(BEAT, KEY, info.instance, text, FORGET_MS);
      const [now, there, version] = answer as [string, string, string];
      const before = read(there, Number(now));
      return { rival: before !== undefined && before.id !== info.id && before.alive, modes: Number(version) };
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
    async setMode(mode) {
      await bus.run(SET_MODE, KEY, mode.service, JSON.stringify({ v: VERSION, ...mode }), FORGET_MS);
    },
    async modes() {
      const entries = (await bus.run(MODES, KEY)) as string[];
      return entries.slice(0, MOST).flatMap((entry) => {
        const mode = parseMessage(entry);
        if (!isOurs(mode)) return [];
        const { service, mode: to, reason, until } = mode as unknown as SetMode;
        return { type: 'set-mode', service, mode: to, reason, until };
      });
    },
  };
}

function read(entry: string, now: number): RegisteredInstance | undefined {
  const space = entry.indexOf(' ');
  const silentMs = Math.max(0, now - Number(entry.slice(0, space)));
  const info = parseMessage(entry.slice(space + 1));
  if (!isOurs(info)) return undefined;
  const { instance, id, workers, url, configError, draining } = info as unknown as InstanceInfo;
  const names = [instance, id, url ?? ''].every(
    (text: unknown) => typeof text === 'string' && text.length <= MOST_TEXT,
  );
  if (!names || !Number.isInteger(workers) || workers < 0 || workers > MOST_WORKERS) return undefined;
  return { instance, id, workers, url, configError, draining: draining === true, alive: silentMs <= ALIVE_MS };
}
