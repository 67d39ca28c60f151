import { script } from '../kernel/redis-script.ts';

/**
 * Takes the lease of a key if it's free, and returns its fence: microseconds of Redis' clock, so higher than that of
 * every earlier lease. Else 0, and for how many ms the lease still holds; whoever has it then says when it lands.
 *
 * KEYS: lease. ARGV: owner, ms for which it holds.
 */
export const TAKE = script(`
if redis.call('EXISTS', KEYS[1]) == 1 then
  redis.call('HSET', KEYS[1], 'awaited', 1)
  return {0, redis.call('PTTL', KEYS[1])}
end
local time = redis.call('TIME')
redis.call('HSET', KEYS[1], 'owner', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return {time[1] * 1000000 + time[2], 0}`);

/** Holds a lease for longer while it's still the owner's. KEYS: lease. ARGV: owner, ms. */
export const HOLD = script(`
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`);

/** Ends a lease while it's still the owner's, and tells those who wait, if anybody does. KEYS: lease. ARGV: owner, channel, message. */
export const LAND = script(`
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
local awaited = redis.call('HGET', KEYS[1], 'awaited')
redis.call('DEL', KEYS[1])
if awaited then redis.call('PUBLISH', ARGV[2], ARGV[3]) end
return 1`);
