-- A message that is no valid request becomes a failed move, for its sender to see.
-- A record that is there already is another move's, and stays. -> 'refused' | 'known'
-- ARGV: id, error, ttl, request ('' = it is none), its callbacks
local id, fault, ttl, request, callbacks = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local move = key('move', id)

if redis.call('EXISTS', move) == 1 then return 'known' end
redis.call('HSET', move, 'request', request, 'source', '', 'destination', '', 'state', 'failed',
           'generation', 0, 'error', fault, 'created', now(), 'updated', now(), 'finished', now())
redis.call('EXPIRE', move, ttl)
if callbacks ~= '' then
  redis.call('HSET', move, 'callbacks', callbacks)
  owe_callbacks(id)
end
redis.call('ZADD', MOVES, now(), id)
count('refused')
return 'refused'
