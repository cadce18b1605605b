-- May this callback be made now?
-- -> {how often it was begun, this time included; request; 'move' | 'prefix'}
--    | {0} (it was made or given up, its record has expired, or another makes it, or a pause lasts)
-- ARGV: id, kind, seconds that it may take
local id, kind, seconds = ARGV[1], ARGV[2], tonumber(ARGV[3])
local of, entry = 'move', kind .. ' ' .. id
if redis.call('EXISTS', key('move', id)) == 0 then of = 'prefix' end
local move = key(of, id)

if not redis.call('ZSCORE', OUTBOX, entry) then return {0} end
if redis.call('EXISTS', move) == 0 then
  redis.call('ZREM', OUTBOX, entry)
  return {0}
end
if tonumber(redis.call('HGET', move, 'hold:' .. kind) or 0) > now() then return {0} end
redis.call('HSET', move, 'hold:' .. kind, now() + seconds)
redis.call('ZADD', OUTBOX, now() + seconds, entry)
return {redis.call('HINCRBY', move, 'tries:' .. kind, 1), redis.call('HGET', move, 'request'), of}
