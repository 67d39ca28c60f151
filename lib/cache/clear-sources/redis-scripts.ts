import { script } from '../../kernel/redis-script.ts';
import { MAX_FOLDED_SERVICES } from '../clear-book.ts';

/**
 * The clear log within Redis, each script atomic. Keys, all in one slot:
 * top {number, id, floor, base}: where the log ends, the highest number trimmed, and where the last mending began; order: ids by number;
 * records: JSON by id, without the number; voids: ids of the records that void, by the ids of those voided;
 * names, patterns: ids of the clears kept of each kind, by number; folds: number by `mode` or `mode service`.
 * They keep what lib/cache/clear-book keeps.
 */
const COMMON = `
local top, order, records, voids, names, patterns, folds = unpack(KEYS)
local function text(number) return string.format('%.0f', number) end
-- A log begins at its server's clock, so that its numbers are above those of one that was flushed before.
local function ends()
  local number = redis.call('HGET', top, 'number')
  if number then return tonumber(number) end
  local now = redis.call('TIME')
  return tonumber(now[1]) * 1000 + math.floor(tonumber(now[2]) / 1000)
end
local function raise(service, mode, number)
  local field = mode
  if service then field = mode .. ' ' .. service end
  local known = redis.call('HGET', folds, field)
  if not known and service and redis.call('HLEN', folds) >= ${MAX_FOLDED_SERVICES} then
    return raise(nil, mode, number)
  end
  if not known or tonumber(known) < number then redis.call('HSET', folds, field, text(number)) end
end
local function forget(id)
  local number = tonumber(redis.call('ZSCORE', order, id))
  if number > tonumber(redis.call('HGET', top, 'floor') or '0') then redis.call('HSET', top, 'floor', text(number)) end
  redis.call('ZREM', order, id)
  redis.call('HDEL', records, id)
  redis.call('ZREM', names, id)
  redis.call('ZREM', patterns, id)
end
local function trim(id)
  local clear = cjson.decode(redis.call('HGET', records, id))
  local number = tonumber(redis.call('ZSCORE', order, id))
  local voidId = redis.call('HGET', voids, id)
  if voidId then
    forget(voidId)
    redis.call('HDEL', voids, id)
  else
    raise(clear.scope.service, clear.mode, number)
  end
  forget(id)
end
-- Appends a record, unless it's there; kind: names, patterns, or void with its target.
local function put(id, json, kind, target, most)
  if redis.call('HEXISTS', records, id) == 1 then return end
  if kind == 'void' then
    if redis.call('HEXISTS', records, target) == 0 or redis.call('HEXISTS', voids, target) == 1 then return end
    redis.call('HSET', voids, target, id)
  end
  local number = text(ends() + 1)
  redis.call('HSET', top, 'number', number, 'id', id)
  redis.call('ZADD', order, number, id)
  redis.call('HSET', records, id, json)
  if kind == 'void' then return end
  local kept = kind == 'names' and names or patterns
  redis.call('ZADD', kept, number, id)
  while redis.call('ZCARD', kept) > most do trim(redis.call('ZRANGE', kept, 0, 0)[1]) end
end
`;

/** ARGV: id, JSON, kind, target, most of its kind. Gives number, id and JSON of the record, or nothing for an unknown target. */
export const APPEND = script(`${COMMON}
local id, json, kind, target, most = unpack(ARGV)
if kind == 'void' then
  local clear = redis.call('HGET', records, target)
  if not clear or not cjson.decode(clear).scope then return {} end
  id = redis.call('HGET', voids, target) or id
end
put(id, json, kind, target, tonumber(most))
return {redis.call('ZSCORE', order, id), id, redis.call('HGET', records, id)}
`);

/** ARGV: number, id, most records, length of their JSON that ends a page. Gives linked, head's number and id, folds flat, ids with numbers flat, their JSON, whether there's more, and the floor. */
export const SINCE = script(`${COMMON}
local number, id, page, room = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local head = redis.call('HMGET', top, 'number', 'id', 'floor', 'base')
local score = redis.call('ZSCORE', order, id)
local linked = 0
if number == '0' or score == number or (head[1] == number and head[2] == id)
  or (not score and tonumber(number) > tonumber(head[4] or '0')
    and tonumber(number) <= tonumber(head[3] or '0')) then linked = 1 end
local found = redis.call('ZRANGEBYSCORE', order, '(' .. number, '+inf', 'WITHSCORES', 'LIMIT', 0, page + 1)
local more = 0
local jsons, told = {}, {}
for i = 1, #found, 2 do
  if #jsons == page or room <= 0 then
    more = 1
    break
  end
  local json = redis.call('HGET', records, found[i])
  jsons[#jsons + 1] = json
  told[#told + 1], told[#told + 2] = found[i], found[i + 1]
  room = room - #(json or '')
end
return {linked, head[1] or '0', head[2] or '', redis.call('HGETALL', folds), told, jsons, more, head[3] or '0'}
`);

/**
 * ARGV: expected number and id ('' and '': any), ancestor, above, id of a head without a record, most names, most
 * patterns, folds as JSON, jump, then id, JSON, kind and target of each record. 0 if the log ends elsewhere.
 */
export const MEND = script(`${COMMON}
local above, most = tonumber(ARGV[4]), {names = tonumber(ARGV[6]), patterns = tonumber(ARGV[7])}
if ARGV[1] ~= '' then
  local head = redis.call('HMGET', top, 'number', 'id')
  if (head[1] or '0') ~= ARGV[1] or (head[2] or '') ~= ARGV[2] then return 0 end
  local number = math.max(ends(), above) + tonumber(ARGV[9])
  local id = ARGV[5]
  redis.call('HSET', top, 'base', text(number))
  if redis.call('ZCOUNT', order, '(' .. ARGV[3], ARGV[4]) > 0 then
    for _, each in ipairs(redis.call('ZRANGEBYSCORE', order, '(' .. ARGV[3], '+inf')) do
      id = each
      number = number + 1
      redis.call('ZADD', order, text(number), each)
      redis.call('ZADD', names, 'XX', text(number), each)
      redis.call('ZADD', patterns, 'XX', text(number), each)
    end
  end
  redis.call('HSET', top, 'number', text(number), 'id', id)
  for _, fold in ipairs(cjson.decode(ARGV[8])) do raise(fold.service, fold.mode, number) end
end
for i = 10, #ARGV, 4 do put(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], most[ARGV[i + 2]]) end
return 1
`);
