-- Which moves of prefixes are under way below which prefixes. An area is `bucket/prefix/`; two
-- overlap when one begins with the other. Looked up by order, never by a walk over all moves.

-- The move that has the first area between the bounds; what an ended one has left goes.
local function living(index, low, high)
  while true do
    local member = redis.call('ZRANGEBYLEX', index, low, high, 'LIMIT', 0, 1)[1]
    if not member then return nil end
    local id = string.match(member, '%z(.*)$')
    local state = redis.call('HGET', key('prefix', id), 'state')
    if state and not is_final(state) then return id end
    redis.call('ZREM', index, member)
  end
end

-- The move that has an area which overlaps with this one, or nil.
local function holder_of(index, area)
  local below = living(index, '[' .. area, '(' .. area .. '\255')
  if below then return below end
  for last in string.gmatch(area, '()/') do
    local above = string.sub(area, 1, last)
    local holder = living(index, '[' .. above .. '\0', '(' .. above .. '\1')
    if holder then return holder end
  end
  return nil
end
