-- Moves of prefixes without a sign of life, each looked at again only after a pause that doubles.
-- -> ids     ARGV: grace, limit
local grace, limit = tonumber(ARGV[1]), ARGV[2]
local quiet = redis.call('ZRANGEBYSCORE', ACTIVE_PREFIXES, '-inf', now() - grace, 'LIMIT', 0, limit)
local found = {}
for _, id in ipairs(quiet) do
  local state = pget(id, 'state')
  if not state or is_final(state) then
    redis.call('ZREM', ACTIVE_PREFIXES, id)
  else
    table.insert(found, id)
    local looks = math.min(redis.call('HINCRBY', key('prefix', id), 'sweeps', 1), 6)
    redis.call('ZADD', ACTIVE_PREFIXES, now() + grace * (2 ^ (looks - 1) - 1), id)
  end
end
return found
