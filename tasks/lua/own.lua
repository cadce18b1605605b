-- One worker at a time carries a move: plans it, completes it or aborts it.
-- -> {'own', all fields…} | {'unknown' | 'final' | 'stale' | 'busy' | 'launched'}
-- ARGV: id, token, seconds, generation ('' = from the queue: only if it has not been launched)
local id, token, seconds, generation = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local move = key('move', id)

local state = get(id, 'state')
if not state then return {'unknown'} end
if is_final(state) then return {'final'} end
if generation == '' and get(id, 'generation') ~= '0' then return {'launched'} end
if generation ~= '' and generation ~= get(id, 'generation') then return {'stale'} end
local again = get(id, 'owner') == token  -- the answer was lost, and the script sent once more
if not again and tonumber(get(id, 'owner_until') or 0) > now() then return {'busy'} end

redis.call('HSET', move, 'owner', token, 'owner_until', now() + seconds, 'updated', now())
if redis.call('HSETNX', move, 'started', now()) == 1 then count('started') end
-- A try counts unless parts have come since the last one, and unless no part of this generation
-- was even begun: then its messages wait in a long queue, and the pauses of the sweep grow.
local there = redis.call('BITCOUNT', key('done', id))
if there > tonumber(get(id, 'there') or 0) then
  redis.call('HSET', move, 'there', there, 'launches', 0)
end
local waits = generation ~= '' and generation ~= '0' and get(id, 'reached') ~= generation
              and state == 'copying' and get(id, 'upload')
if waits then
  alive(id)
else
  if not again then
    redis.call('HINCRBY', move, 'launches', 1)
    redis.call('HSET', move, 'counted', token)
  end
  redis.call('HDEL', move, 'sweeps')
  redis.call('ZADD', ACTIVE, now(), id)
end
local fields = redis.call('HGETALL', move)
table.insert(fields, 1, 'own')
return fields
