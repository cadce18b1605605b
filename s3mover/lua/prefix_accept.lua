-- A request to move a prefix becomes a record, once. -> {'new' | 'known' | 'conflict', state}
-- ARGV: id, request, source, destination, callbacks ('on_end webhook', '' = none)
local id, request, source, destination = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local prefix = key('prefix', id)

local known = redis.call('HGET', prefix, 'request')
if known then
  return {known == request and 'known' or 'conflict', redis.call('HGET', prefix, 'state')}
end
redis.call('HSET', prefix, 'request', request, 'source', source, 'destination', destination,
           'state', 'queued', 'created', now(), 'updated', now())
if (ARGV[5] or '') ~= '' then redis.call('HSET', prefix, 'callbacks', ARGV[5]) end
count('prefixes:accepted')
redis.call('ZADD', PREFIXES, now(), id)
redis.call('ZADD', ACTIVE_PREFIXES, now(), id)
return {'new', 'queued'}
