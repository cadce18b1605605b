-- A large object of a page becomes a move of its own, once.
-- -> 'lost' | 'ended' | the state of its move
-- ARGV: id, page, token, item, id of its move, request, source, destination, what was listed
local id, page, token, item, child = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local request, source, destination, listed = ARGV[6], ARGV[7], ARGV[8], ARGV[9]
local mine, name = page_key(id, page), 'child ' .. item

if redis.call('HGET', mine, 'token') ~= token then return 'lost' end
local known = redis.call('HGET', mine, name)
if known and known ~= 'open' then return 'ended' end
if not known then
  redis.call('HSET', mine, name, 'open')
  redis.call('HINCRBY', mine, 'left', 1)
  redis.call('HINCRBY', key('prefix', id), 'children', 1)
  redis.call('HSET', key('move', child), 'request', request, 'source', source,
             'destination', destination, 'state', 'queued', 'created', now(), 'updated', now(),
             'generation', 0, 'launches', 0, 'prefix', id, 'page', page, 'item', item,
             'listed', listed)
  redis.call('ZADD', ACTIVE, now(), child)
  enlist(child, 'queued')
  count('accepted')
end
return get(child, 'state') or 'ended'
