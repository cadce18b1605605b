-- Shared by every script: one Redis holds it all, so keys are built from the move's id.
local function key(kind, id) return 's3mover:' .. kind .. ':' .. id end

local ACTIVE, MOVES, LOCKS = 's3mover:active', 's3mover:moves', 's3mover:locks'

local function now()
  local t = redis.call('TIME')
  return tonumber(t[1]) + tonumber(t[2]) / 1e6
end

local function get(id, field) return redis.call('HGET', key('move', id), field) end

local function is_final(state)
  return state == 'done' or state == 'failed' or state == 'cancelled'
end

-- A sign of life of a move that is only looked at: it cuts no pause of the sweep short.
local function alive(id) redis.call('ZADD', ACTIVE, 'GT', now(), id) end

-- The end of a move: its record stays for ttl seconds, all else goes.
local function finish(id, state, ttl)
  local move = key('move', id)
  local parts_done = redis.call('BITCOUNT', key('done', id))
  redis.call('HSET', move, 'state', state, 'finished', now(), 'updated', now(),
             'parts_done', parts_done)
  redis.call('HDEL', move, 'owner', 'owner_until', 'stop', 'cursor', 'issued', 'todo',
             'launched_by', 'counted', 'there', 'sweeps', 'reached', 'shown',
             'throttled_by', 'throttled_last', 'throttled_for')
  redis.call('DEL', key('done', id), key('next', id), key('leases', id), key('claims', id))
  redis.call('ZREM', ACTIVE, id)
  for _, field in ipairs({'source_lock', 'destination_lock'}) do
    local location = redis.call('HGET', move, field)
    if location and redis.call('HGET', LOCKS, location) == id then
      redis.call('HDEL', LOCKS, location)
    end
  end
  redis.call('EXPIRE', move, ttl)
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
local function give_back(id, part, token)
  local claims = key('claims', id)
  if redis.call('HGET', claims, part) == token then
    redis.call('ZREM', key('leases', id), part)
    redis.call('HDEL', claims, part, part .. ' begun')
  end
end
