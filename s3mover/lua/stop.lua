-- Ask a move to end as `reason`; the first end asked for stays, but gives way to none that is
-- only a change of course ('whole', 'again').
-- -> 'unknown' | 'stale' | 'stopping' | 'committed' (too late: it is being completed) | final state
-- ARGV: id, reason, error, ttl, generation ('' = any)
local id, reason, fault, ttl, generation = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local move = key('move', id)

local state = get(id, 'state')
if not state then return 'unknown' end
if is_final(state) then return state end
if generation ~= '' and generation ~= get(id, 'generation') then return 'stale' end
if get(id, 'committed') then return 'committed' end

local stop = get(id, 'stop')
if not stop or stop == 'whole' or stop == 'again' then
  redis.call('HSET', move, 'stop', reason)
  if fault ~= '' then redis.call('HSET', move, 'error', fault) end
end
redis.call('HSET', move, 'updated', now())
if not get(id, 'started') then  -- no worker has touched it: nothing to undo
  finish(id, reason, ttl)
  return reason
end
return 'stopping'
