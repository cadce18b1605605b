-- Cancel, pause or resume the move of a prefix. -> 'unknown' | 'ok' | the state it has ended in
-- ARGV: id, what ('cancelled' | 'failed' | 'pause' | 'resume'), error, ttl
local id, what, fault, ttl = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local prefix = key('prefix', id)

local state = redis.call('HGET', prefix, 'state')
if not state then return 'unknown' end
if is_final(state) then return state end
redis.call('HSET', prefix, 'updated', now())
if what == 'pause' then redis.call('HSET', prefix, 'paused', 1)
elseif what == 'resume' then redis.call('HDEL', prefix, 'paused')
else
  redis.call('HSETNX', prefix, 'stop', what)
  if fault ~= '' then redis.call('HSETNX', prefix, 'error', fault) end
  if not redis.call('HGET', prefix, 'started') then end_prefix(id, what, ttl) end
end
redis.call('ZADD', ACTIVE_PREFIXES, now(), id)
if is_final(redis.call('HGET', prefix, 'state')) then redis.call('ZREM', ACTIVE_PREFIXES, id) end
return 'ok'
