import { script } from '../../../kernel/redis-script.ts';
import { AT_DIGITS, FENCE_DIGITS, FRAME, STAMP_LENGTH } from './frame.ts';

const PARTS = `
local function kind(name) return redis.call('GETRANGE', name, 0, 0) end
local function stamp(name) return redis.call('GETRANGE', name, ${FRAME - STAMP_LENGTH}, ${FRAME - 1}) end
local function lines(name) return string.gmatch(string.sub(redis.call('GET', name), 2), '([^ ]+) ([^\\n]*)\\n') end
local function forget(primary)
  local found = 0
  if kind(primary) == 'I' then
    for id in lines(primary) do found = found + redis.call('DEL', primary .. ':' .. id) end
  end
  return found + redis.call('DEL', primary)
end`;

/**
 * Stores an entry in place of the same variant: 1, or 0 where a higher fence keeps it out. A fence of -1 is none: it
 * stores, and leaves the fence that is there. What somebody wrote under a fence long ago keeps nobody out, since the
 * numbers may have started again.
 *
 * KEYS: primary, the variant's own name, the name of the variant that doesn't vary, siblings.
 * ARGV: id, plain id, fence, bytes in a blank frame, TTL in ms, description, most variants, base, member or '', most
 * members, ms for which a fence holds, the plain variant's description.
 */
export const WRITE = script(`${PARTS}
local primary, own, plainName, siblings = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local id, plainId, fence, ttl = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[5])
local most, member, mostMembers = tonumber(ARGV[7]), ARGV[9], tonumber(ARGV[10])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local before = kind(primary)
local alone = id == plainId and before ~= 'I'
local place = alone and primary or own

local held = 0
local head = redis.call('GETRANGE', place, 0, ${FENCE_DIGITS + AT_DIGITS})
if string.sub(head, 1, 1) == 'E' then
  local at = tonumber(string.sub(head, ${FENCE_DIGITS + 2})) or 0
  if now - at <= tonumber(ARGV[11]) then held = tonumber(string.sub(head, 2, ${FENCE_DIGITS + 1})) or 0 end
end
if fence < 0 then fence = held elseif fence < held then return 0 end

if member ~= '' and redis.call('SISMEMBER', siblings, member) == 0 then
  if redis.call('SCARD', siblings) >= mostMembers then
    local gone = redis.call('SPOP', siblings)
    if gone then forget(ARGV[8] .. gone) end
  end
  redis.call('SADD', siblings, member)
end
if member ~= '' and redis.call('PTTL', siblings) < ttl then redis.call('PEXPIRE', siblings, ARGV[5]) end

redis.call('SET', place, ARGV[4], 'PX', ARGV[5])
redis.call('SETRANGE', place, 1, string.format('%0${FENCE_DIGITS}.0f%0${AT_DIGITS}.0f', fence, now))
if alone then return 1 end
local kept, dropped, longest = {}, {}, ttl
if before == 'E' then
  longest = math.max(longest, redis.call('PTTL', primary))
  redis.call('RENAME', primary, plainName)
  kept[1] = { plainId, ARGV[12] }
elseif before == 'I' then
  longest = math.max(longest, redis.call('PTTL', primary))
  for other, description in lines(primary) do
    if other ~= id then
      if #kept + 1 < most then kept[#kept + 1] = { other, description } else dropped[#dropped + 1] = other end
    end
  end
end
local index = 'I' .. id .. ' ' .. ARGV[6] .. '\\n'
for _, line in ipairs(kept) do index = index .. line[1] .. ' ' .. line[2] .. '\\n' end
redis.call('SET', primary, index, 'PX', string.format('%.0f', longest))
for _, other in ipairs(dropped) do redis.call('DEL', primary .. ':' .. other) end
return 1`);

/** Forgets one variant while its stamp is still the one given: 1, else 0. KEYS: primary, own. ARGV: id, plain id, stamp. */
export const REMOVE = script(`${PARTS}
local primary, own, id = KEYS[1], KEYS[2], ARGV[1]
local before = kind(primary)
if before == 'E' then
  if id ~= ARGV[2] or stamp(primary) ~= ARGV[3] then return 0 end
  return redis.call('DEL', primary)
end
if before ~= 'I' or stamp(own) ~= ARGV[3] then return 0 end
redis.call('DEL', own)
local index = 'I'
for other, description in lines(primary) do
  if other ~= id then index = index .. other .. ' ' .. description .. '\\n' end
end
if index == 'I' then redis.call('DEL', primary) else redis.call('SET', primary, index, 'KEEPTTL') end
return 1`);

/** Forgets a key and every extended key of its URL: how many names. KEYS: primary, siblings. ARGV: base. */
export const REMOVE_URL = script(`${PARTS}
local found = forget(KEYS[1])
for _, member in ipairs(redis.call('SMEMBERS', KEYS[2])) do found = found + forget(ARGV[1] .. member) end
redis.call('DEL', KEYS[2])
return found`);

/** Deletes what can't be read, while it still starts as it did. KEYS: the name. ARGV: its first bytes. */
export const DISCARD = script(`
if redis.call('GETRANGE', KEYS[1], 0, #ARGV[1] - 1) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`);
