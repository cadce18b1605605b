-- Shared by every script: one Redis holds it all, so keys are built from the move's id.
local function key(kind, id) return 's3mover:' .. kind .. ':' .. id end

local ACTIVE, MOVES, LOCKS = 's3mover:active', 's3mover:moves', 's3mover:locks'
local OUTBOX = 's3mover:outbox'  -- 'kind id' of each callback to make, by when the sweep looks

local function clock()
  local t = redis.call('TIME')
  return tonumber(t[1]) + tonumber(t[2]) / 1e6
end

local moment  -- of this script: Redis' clock stands still while it runs
local function now()
  moment = moment or clock()
  return moment
end

local function get(id, field) return redis.call('HGET', key('move', id), field) end

-- Several at once, as they are now; what is not there is false.
local function fields(id, ...)
  local found = {}
  local values = redis.call('HMGET', key('move', id), ...)
  for i, value in ipairs(values) do found[select(i, ...)] = value end
  return found
end

local function is_final(state)
  return state == 'done' or state == 'failed' or state == 'cancelled'
end

-- A sign of life of a move that is only looked at: it cuts no pause of the sweep short.
local function alive(id) redis.call('ZADD', ACTIVE, 'GT', now(), id) end

