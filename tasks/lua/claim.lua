-- May this part be copied now?
-- -> {'run', plan, upload} | {'done' | 'stopped' | 'stale'} | {'busy' | 'full', seconds}
-- ARGV: id, generation, part, seconds, key of the chord's difference
local id, generation, part, seconds, chord_diff =
  ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local leases = key('leases', id)

if is_stale(id, generation) then return {'stale'} end
if get(id, 'stop') then shrink(id, chord_diff) return {'stopped'} end
if redis.call('GETBIT', key('done', id), part - 1) == 1 then return {'done'} end

redis.call('ZREMRANGEBYSCORE', leases, '-inf', now())
local expiry = redis.call('ZSCORE', leases, part)
if expiry then return {'busy', math.ceil(tonumber(expiry) - now())} end
if redis.call('ZCARD', leases) >= tonumber(get(id, 'cap')) then return {'full', 1} end

redis.call('ZADD', leases, now() + seconds, part)
redis.call('ZADD', ACTIVE, now(), id)
return {'run', get(id, 'plan'), get(id, 'upload')}
