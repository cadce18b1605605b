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
local f = fields(id, 'state', 'generation', 'stop', 'destination_lock', 'parts', 'cursor', 'issued',
                 'shown', 'throttled_last')

-- Not gsub, which looks at each character: a template has thousands.
local function fill(text, hole, value)
  local pieces, from = {}, 1
  local at = string.find(text, hole, from, true)
  while at do
    table.insert(pieces, string.sub(text, from, at - 1))
    table.insert(pieces, value)
    from = at + 1
    at = string.find(text, hole, from, true)
  end
  table.insert(pieces, string.sub(text, from))
  return table.concat(pieces)
end

local function publish(next_)
  if template == '' then return end
  -- Its tag is its own: a part that comes again may publish its successor again.
  local message = fill(fill(template, '\1', next_), '\2', string.format('%.6f', now()))
  redis.call('LPUSH', 'parts', message)
end

local is_holder = give_back(id, part, token)
land(bucket_in(f.destination_lock), token, true)
if f.state ~= 'copying' or f.generation ~= generation then return {0, change, 0} end
if not is_holder then redis.call('HDEL', key('claims', id), part .. ' begun') end
local is_new = redis.call('SETBIT', done, part - 1, 1) == 0
if is_new then
  count_part(id, part)
  redis.call('HINCRBY', move, 'by:' .. worker, 1)
  if f.throttled_last then came_through(id) end
end
redis.call('HSET', move, 'updated', now())
redis.call('ZADD', ACTIVE, now(), id)
local there = 0
if pause and now() - tonumber(f.shown or 0) >= pause then
  redis.call('HSET', move, 'shown', now())
  there = redis.call('BITCOUNT', done)
end

-- What is published and not copied: as much as before where one part follows another.
local function follow(next_, by)
  by = by - (is_new and 1 or 0)
  if by ~= 0 then change_outstanding(id, by) end
  return {next_, change, there}
end

if f.stop then shrink(id, chord_diff) return follow(0, 0) end

local slot = '#' .. (part - 1)
local successor = redis.call('BITFIELD', successors, 'GET', 'u16', slot)[1]
if successor > 0 then
  local under_way = redis.call('GETBIT', done, successor - 1) == 1
                    or redis.call('ZSCORE', leases, successor)
  if under_way then return follow(0, 0) end
  publish(successor)
  return follow(successor, 0)
end

local next_ = redis.call('BITPOS', done, 0, f.cursor, -1, 'BIT') + 1
if next_ < 1 or next_ > tonumber(f.parts) then return follow(0, 0) end
redis.call('BITFIELD', successors, 'SET', 'u16', slot, next_)
redis.call('HSET', move, 'cursor', next_, 'issued', f.issued + 1)
publish(next_)
return follow(next_, 1)
