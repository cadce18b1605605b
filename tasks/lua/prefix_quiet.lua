-- Moves of prefixes without a sign of life, each looked at again only after a pause that doubles;
-- and those of which a page was let down by its worker, and its message lost, while others go on.
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

local function has_lost_page(id)
  if pget(id, 'paused') then return false end
  local is_lost = false
  for _, page in ipairs(redis.call('SMEMBERS', key('pages', id))) do
    local lease = redis.call('HGET', page_key(id, page), 'until')
    local is_old = lease and now() - tonumber(lease) > grace
    -- Nobody has it from now on: so it is asked for again only after one more grace.
    if is_old or not lease then redis.call('HSET', page_key(id, page), 'until', now()) end
    is_lost = is_lost or is_old
  end
  return is_lost
end

local lively = redis.call('ZRANGEBYSCORE', ACTIVE_PREFIXES, now() - grace, now(), 'LIMIT', 0, limit)
for _, id in ipairs(lively) do
  if has_lost_page(id) then table.insert(found, id) end
end
return found
