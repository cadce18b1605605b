-- Moves without a sign of life for `grace` seconds; each is looked at again only after a pause
-- that doubles, so that a long queue is not filled with copies of its messages.
-- -> id, generation, trace, …      ARGV: grace, limit
local grace, limit = tonumber(ARGV[1]), ARGV[2]
local found = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', ACTIVE, '-inf', now() - grace, 'LIMIT', 0, limit)) do
  local state = get(id, 'state')
  if not state or is_final(state) then
    redis.call('ZREM', ACTIVE, id)
  else
    table.insert(found, id)
    table.insert(found, get(id, 'generation'))
    table.insert(found, get(id, 'trace') or '')
    local looks = math.min(redis.call('HINCRBY', key('move', id), 'sweeps', 1), 6)
    redis.call('ZADD', ACTIVE, now() + grace * (2 ^ (looks - 1) - 1), id)
  end
end
return found
