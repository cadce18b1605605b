-- What is counted over all moves, for the metrics that `s3mover/metrics` reads. A script counts only
-- what it has changed itself, in the same step: sent twice, it counts once.
local TALLY = 's3mover:tally'
local STATES = {'queued', 'copying', 'verifying', 'deleting'}

-- Upper bounds of the classes of durations, in seconds; those of `s3mover/metrics/table.py`.
local BOUNDS = {0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14400, 86400}

-- Redis writes large numbers of Lua with an exponent, which no count may have.
local function count(what, by)
  redis.call('HINCRBY', TALLY, what, string.format('%.0f', by or 1))
end

local function observe(what, seconds)
  local class = #BOUNDS + 1
  for i, bound in ipairs(BOUNDS) do
    if seconds <= bound then class = i break end
  end
  count('seconds:' .. what .. ':' .. class)
  redis.call('HINCRBYFLOAT', TALLY, 'seconds:' .. what .. ':sum', string.format('%.6f', seconds))
end

-- The moves of each state, by the time they were asked for; a final one is in none.
local function enlist(id, state)
  for _, each in ipairs(STATES) do
    if each ~= state then redis.call('ZREM', key('in', each), id) end
  end
  if not is_final(state) then
    redis.call('ZADD', key('in', state), get(id, 'created') or now(), id)
  end
end

local function set_state(id, state)
  local move = key('move', id)
  if get(id, 'state') == state then return end
  redis.call('HSET', move, 'state', state)
  if not is_final(state) then
    redis.call(state == 'copying' and 'HSETNX' or 'HSET', move, state .. '_at', now())
  end
  enlist(id, state)
end

-- Parts that are published and not copied yet: `out` of one move, `outstanding` of all.
local function set_outstanding(id, parts)
  local was = tonumber(get(id, 'out') or 0)
  if parts == was then return end
  redis.call('HSET', key('move', id), 'out', parts)
  redis.call('HINCRBY', TALLY, 'outstanding', parts - was)
end

-- Of a move that was launched by a worker which counts.
local function change_outstanding(id, by)
  local was = tonumber(get(id, 'out'))
  if was then set_outstanding(id, math.max(0, was + by)) end
end

-- A damaged plan must not keep a move from its end.
local function planned_sizes(id)
  local is_json, plan = pcall(cjson.decode, get(id, 'plan') or '')
  if not is_json or type(plan) ~= 'table' then return 0, 0 end
  return tonumber(plan.size) or 0, tonumber(plan.part_size) or 0
end

-- Noted at a launch, so that no part reads the whole plan.
local function note_sizes(id)
  local size, part_size = planned_sizes(id)
  redis.call('HSET', key('move', id), 'size', string.format('%.0f', size),
             'part_size', string.format('%.0f', part_size))
end

local function sizes(id)
  local noted = redis.call('HMGET', key('move', id), 'size', 'part_size')
  if not (noted[1] and noted[2]) then return planned_sizes(id) end
  return tonumber(noted[1]) or 0, tonumber(noted[2]) or 0
end

local function count_part(id, part)
  local size, part_size = sizes(id)
  count('parts')
  count('bytes:copied', math.max(0, math.min(part_size, size - (part - 1) * part_size)))
end

local function count_done(id)
  local size = sizes(id)
  count('bytes:moved', size)
  if get(id, 'parts') == '0' then count('bytes:copied', size) end
  local ended = now()
  for i = #STATES, 1, -1 do
    local begun = tonumber(get(id, i == 1 and 'created' or STATES[i] .. '_at'))
    if begun then
      observe(STATES[i], math.max(0, ended - begun))
      ended = begun
    end
  end
end

-- A move has ended, with all it has to tell still in its record.
local function count_end(id, state)
  count('finished:' .. state)
  observe(state, math.max(0, now() - (tonumber(get(id, 'created')) or now())))
  if state == 'done' then count_done(id) end
  set_outstanding(id, 0)
end
