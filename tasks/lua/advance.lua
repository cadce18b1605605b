-- A part is there: note it, hand out the next one, and publish that.
-- -> {part or 0, change of the limit, parts that are there or 0 = there is nothing to tell}
-- A part delivered twice hands out the same next part, unless that one is under way or done.
-- ARGV: id, generation, part, token, worker, key of the chord's difference,
--       seconds between two tellings of the progress ('' = nobody is told),
--       template of a part's message ('' = the worker publishes it)
local id, generation, part, token = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local worker, chord_diff, pause, template = ARGV[5], ARGV[6], tonumber(ARGV[7]), ARGV[8]
local move, leases, done, successors =
  key('move', id), key('leases', id), key('done', id), key('next', id)

local function publish(next_)
  if template == '' then return end
  local numbered = string.gsub(template, '\1', next_)
  -- Its tag is its own: a part that comes again may publish its successor again.
  local message = string.gsub(numbered, '\2', string.format('%.6f', now()))
  redis.call('LPUSH', 'parts', message)
end

give_back(id, part, token)
land(bucket_of(id), token, true)
if is_stale(id, generation) then return {0, change, 0} end
redis.call('HDEL', key('claims', id), part .. ' begun')
if redis.call('SETBIT', done, part - 1, 1) == 0 then
  count_part(id, part)
  change_outstanding(id, -1)
  redis.call('HINCRBY', move, 'by:' .. worker, 1)
  came_through(id)
end
redis.call('HSET', move, 'updated', now())
redis.call('ZADD', ACTIVE, now(), id)
local there = 0
if pause and now() - tonumber(get(id, 'shown') or 0) >= pause then
  redis.call('HSET', move, 'shown', now())
  there = redis.call('BITCOUNT', done)
end
if get(id, 'stop') then shrink(id, chord_diff) return {0, change, there} end

local slot = '#' .. (part - 1)
local successor = redis.call('BITFIELD', successors, 'GET', 'u16', slot)[1]
if successor > 0 then
  local under_way = redis.call('GETBIT', done, successor - 1) == 1
                    or redis.call('ZSCORE', leases, successor)
  if under_way then return {0, change, there} end
  publish(successor)
  return {successor, change, there}
end

local next_ = redis.call('BITPOS', done, 0, get(id, 'cursor'), -1, 'BIT') + 1
if next_ < 1 or next_ > tonumber(get(id, 'parts')) then return {0, change, there} end
redis.call('BITFIELD', successors, 'SET', 'u16', slot, next_)
redis.call('HSET', move, 'cursor', next_)
redis.call('HINCRBY', move, 'issued', 1)
change_outstanding(id, 1)
publish(next_)
return {next_, change, there}
