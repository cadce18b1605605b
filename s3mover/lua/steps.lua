-- Steps that several scripts take.

-- Whoever asked for it is to be told of the end: at once by the message that its ender sends,
-- else by the sweep, which begins to look five seconds later.
local function owe_callbacks(id)
  for kind in string.gmatch(get(id, 'callbacks') or '', '%S+') do
    redis.call('ZADD', OUTBOX, now() + 5, kind .. ' ' .. id)
  end
end

-- The end of a move: its record stays for ttl seconds, all else goes.
local function finish(id, state, ttl)
  local move = key('move', id)
  local parts_done = redis.call('BITCOUNT', key('done', id))
  count_end(id, state)
  set_state(id, state)
  redis.call('HSET', move, 'finished', now(), 'updated', now(), 'parts_done', parts_done)
  -- The page of a prefix has the line of it: records of large objects do not pile up.
  if tell_prefix(id, state) then ttl = math.min(tonumber(ttl), 3600) end
  redis.call('HDEL', move, 'owner', 'owner_until', 'stop', 'cursor', 'issued', 'todo',
             'launched_by', 'counted', 'there', 'sweeps', 'reached', 'shown',
             'throttled_by', 'throttled_last', 'throttled_for',
             'out', 'size', 'part_size', 'copying_at', 'verifying_at', 'deleting_at')
  redis.call('DEL', key('done', id), key('next', id), key('leases', id), key('claims', id))
  redis.call('ZREM', ACTIVE, id)
  for _, field in ipairs({'source_lock', 'destination_lock'}) do
    local location = redis.call('HGET', move, field)
    if location and redis.call('HGET', LOCKS, location) == id then
      redis.call('HDEL', LOCKS, location)
    end
  end
  redis.call('EXPIRE', move, ttl)
  owe_callbacks(id)
end

local function is_stale(id, generation)
  return get(id, 'state') ~= 'copying' or get(id, 'generation') ~= generation
end

-- A stopped window hands out nothing more, so its chord shrinks to the parts already issued
-- (Celery's `.t` is the difference to the size that was set) and its callback can still fire.
local function shrink(id, chord_diff)
  local unissued = tonumber(get(id, 'todo')) - tonumber(get(id, 'issued'))
  if unissued > 0 then
    redis.call('DECRBY', chord_diff, unissued)
    redis.call('HSET', key('move', id), 'todo', get(id, 'issued'))
  end
end

-- Only the holder gives a place back: one that slept beyond its lease may find another in it.
-- -> whether it was the holder
local function give_back(id, part, token)
  local claims = key('claims', id)
  if redis.call('HGET', claims, part) ~= token then return false end
  redis.call('ZREM', key('leases', id), part)
  redis.call('HDEL', claims, part, part .. ' begun')
  return true
end
