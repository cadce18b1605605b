-- A message that is no valid request becomes a failed move, for its sender to see; a record that
-- is there already is another move's, and stays. -> 'refused' | 'known'     ARGV: id, error, ttl
local id, fault, ttl = ARGV[1], ARGV[2], ARGV[3]
local prefix = key('prefix', id)

if redis.call('EXISTS', prefix) == 1 then return 'known' end
redis.call('HSET', prefix, 'request', '', 'source', '', 'destination', '', 'error', fault,
           'created', now(), 'updated', now())
end_prefix(id, 'failed', ttl)
redis.call('ZADD', PREFIXES, now(), id)
return 'refused'
