-- What is under way in this process stays leased.
-- ARGV: seconds, then of each lease: id, part (0 = the move itself; 'page n' of a prefix), token
local seconds = tonumber(ARGV[1])
for i = 2, #ARGV, 3 do
  local id, part, token = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if part == '0' then
    if get(id, 'owner') == token then
      redis.call('HSET', key('move', id), 'owner_until', now() + seconds)
      -- XX: the owner has a place only while it copies.
      local bucket = bucket_of(id)
      if bucket then fly(bucket, seconds, 'XX', now() + seconds, token) end
      alive(id)
    end
  elseif string.sub(part, 1, 5) == 'page ' then
    local page = key('page', id .. ':' .. string.sub(part, 6))
    if redis.call('HGET', page, 'token') == token then
      redis.call('HSET', page, 'until', now() + seconds)
      redis.call('ZADD', ACTIVE_PREFIXES, 'XX', now(), id)
    end
  elseif redis.call('HGET', key('claims', id), part) == token then
    redis.call('ZADD', key('leases', id), now() + seconds, part)
    -- Also one that began before there was a limit.
    local bucket = bucket_of(id)
    if bucket and redis.call('EXISTS', key('throttle', bucket)) == 1 then
      fly(bucket, seconds, now() + seconds, token)
    end
    redis.call('ZADD', ACTIVE, now(), id)
  end
end
return 'ok'
