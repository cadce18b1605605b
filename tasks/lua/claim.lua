-- May this part be copied now?
-- -> {'run', plan, upload, change of the limit, trace} | {'done' | 'stopped' | 'stale' | 'poison'}
--    | {'busy' | 'full', seconds} | {'throttled', seconds, waited, change of the limit, plan}
-- ARGV: id, generation, part, token, seconds, attempts, key of the chord's difference
local id, generation, part, token = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local seconds, attempts, chord_diff = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7]
local leases, claims = key('leases', id), key('claims', id)

local f = fields(id, 'state', 'generation', 'upload', 'reached', 'stop', 'cap', 'destination_lock',
                 'plan', 'trace')
if f.state ~= 'copying' or f.generation ~= generation or not f.upload then return {'stale'} end
if f.reached ~= generation then redis.call('HSET', key('move', id), 'reached', generation) end
if f.stop then shrink(id, chord_diff) return {'stopped'} end
if redis.call('GETBIT', key('done', id), part - 1) == 1 then return {'done'} end

local claimed = redis.call('HMGET', claims, part, part .. ' begun')
if claimed[1] == token then  -- the answer was lost: asked once more
  return {'run', f.plan, f.upload, '', f.trace or ''}
end
redis.call('ZREMRANGEBYSCORE', leases, '-inf', now())
local expiry = redis.call('ZSCORE', leases, part)
if expiry then return {'busy', math.ceil(tonumber(expiry) - now())} end
local under_way = redis.call('ZCARD', leases)
if under_way >= tonumber(f.cap) then return {'full', 1} end

-- Counted until the part is given back: one that kills its worker is never.
local begun = tonumber(claimed[2] or 0)
if begun >= attempts then return {'poison'} end
local wait = refused(bucket_in(f.destination_lock), id, token, seconds, under_way)
if wait then
  alive(id)
  return {'throttled', wait, waited(id), change, f.plan}
end
redis.call('HSET', claims, part, token, part .. ' begun', begun + 1)
redis.call('ZADD', leases, now() + seconds, part)
redis.call('ZADD', ACTIVE, now(), id)
return {'run', f.plan, f.upload, change, f.trace or ''}
