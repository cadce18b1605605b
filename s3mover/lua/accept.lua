-- A request becomes a record, once. -> 'new' | 'known' | 'conflict', and the state.
-- ARGV: id, request, source, destination, callbacks ('on_end webhook', '' = none)
local id, request, source, destination = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local callbacks = ARGV[5] or ''
local move = key('move', id)

local known = redis.call('HGET', move, 'request')
if known then
  return {known == request and 'known' or 'conflict', get(id, 'state')}
end

redis.call('HSET', move, 'request', request, 'source', source, 'destination', destination,
           'state', 'queued', 'created', now(), 'updated', now(), 'generation', 0, 'launches', 0)
if callbacks ~= '' then redis.call('HSET', move, 'callbacks', callbacks) end
redis.call('ZADD', MOVES, now(), id)
redis.call('ZADD', ACTIVE, now(), id)
enlist(id, 'queued')
count('accepted')
return {'new', 'queued'}
