-- What is under way in this process stays leased. ARGV: seconds, then id, part (0 = the move), token, …
local seconds = tonumber(ARGV[1])
for i = 2, #ARGV, 3 do
  local id, part, token = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if part ~= '0' then
    redis.call('ZADD', key('leases', id), 'XX', now() + seconds, part)
  elseif get(id, 'owner') == token then
    redis.call('HSET', key('move', id), 'owner_until', now() + seconds)
  end
  redis.call('ZADD', ACTIVE, 'XX', now(), id)
end
return 'ok'
