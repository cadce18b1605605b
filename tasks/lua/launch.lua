-- The owner starts a generation of part copies and lets go. -> generation | -1 (lost) | -2 (stop)
-- ARGV: id, token, bitmap of the parts already there, how many those are, how many are missing,
--       how many are published at once, cursor (the last part published)
local id, token, bitmap = ARGV[1], ARGV[2], ARGV[3]
local there, todo, issued, cursor = tonumber(ARGV[4]), ARGV[5], ARGV[6], ARGV[7]
local move = key('move', id)

if get(id, 'owner') ~= token then return -1 end
if get(id, 'stop') then return -2 end
redis.call('SET', key('done', id), bitmap)
-- What the window reads is the bitmap as it was at the launch: a late part of an older
-- generation may set a bit in `done`, and a part skipped for it would never be counted.
redis.call('SET', key('todo', id), bitmap)
redis.call('DEL', key('next', id))
if there > tonumber(get(id, 'there') or -1) then  -- progress: the attempts count anew
  redis.call('HSET', move, 'there', there, 'launches', 1)
end
redis.call('HSET', move, 'todo', todo, 'issued', issued, 'cursor', cursor,
           'state', 'copying', 'updated', now())
redis.call('HDEL', move, 'owner', 'owner_until')
redis.call('ZADD', ACTIVE, now(), id)
return redis.call('HINCRBY', move, 'generation', 1)
