-- May this part be copied now?
-- -> {'run', plan, upload, change of the limit, trace} | {'done' | 'stopped' | 'stale' | 'poison'}
--    | {'busy' | 'full', seconds} | {'throttled', seconds, waited, change of the limit, plan}
-- ARGV: id, generation, part, token, seconds, attempts, key of the chord's difference
local id, generation, part, token = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local seconds, attempts, chord_diff = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7]
local leases, claims = key('leases', id), key('claims', id)

local upload = get(id, 'upload')
if is_stale(id, generation) or not upload then return {'stale'} end
redis.call('HSET', key('move', id), 'reached', generation)
if get(id, 'stop') then shrink(id, chord_diff) return {'stopped'} end
if redis.call('GETBIT', key('done', id), part - 1) == 1 then return {'done'} end

if redis.call('HGET', claims, part) == token then  -- the answer was lost: asked once more
  return {'run', get(id, 'plan'), upload, '', get(id, 'trace') or ''}
end
redis.call('ZREMRANGEBYSCORE', leases, '-inf', now())
local expiry = redis.call('ZSCORE', leases, part)
if expiry then return {'busy', math.ceil(tonumber(expiry) - now())} end
if redis.call('ZCARD', leases) >= tonumber(get(id, 'cap')) then return {'full', 1} end

-- Counted until the part is given back: one that kills its worker is never.
if tonumber(redis.call('HGET', claims, part .. ' begun') or 0) >= attempts then
  return {'poison'}
end
local wait = refused(bucket_of(id), id, token, seconds, redis.call('ZCARD', leases))
if wait then
  alive(id)
  return {'throttled', wait, waited(id), change, get(id, 'plan')}
end
redis.call('HINCRBY', claims, part .. ' begun', 1)
redis.call('HSET', claims, part, token)
redis.call('ZADD', leases, now() + seconds, part)
redis.call('ZADD', ACTIVE, now(), id)
return {'run', get(id, 'plan'), upload, change, get(id, 'trace') or ''}
