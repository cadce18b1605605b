-- What a look at all moves shows, in one step: how many are in which state, and some records.
-- It only reads. Active moves first: those at work before those queued, the oldest first, so that
-- a row stays where it is; then the others, the last to end first.
-- Moves of prefixes come beside them: those that have not ended, and the youngest.
-- -> {now, active moves, {state, count, …}, {id, parts done, {field, value, …}, …},
--     {id, {field, value, …}, {kind of error, count, …}, open pages, …}}
-- ARGV: records at most, of either; moves at most, of the active and of the youngest, that are
--       counted
local rows, depth = tonumber(ARGV[1]), tonumber(ARGV[2])
local seen, counts, moves, active = {}, {}, {}, 0

local function look(id)
  local state, created, finished =
    unpack(redis.call('HMGET', key('move', id), 'state', 'created', 'finished'))
  if seen[id] or not state then return end  -- without a state its record has expired
  seen[id], counts[state] = true, (counts[state] or 0) + 1
  local rank, time = 1, tonumber(created)
  if state == 'queued' then rank = 2 end
  if is_final(state) then rank, time = 3, -tonumber(finished or created)
  else active = active + 1 end
  table.insert(moves, {id = id, rank = rank, time = time})
end

for _, id in ipairs(redis.call('ZRANGE', ACTIVE, 0, depth - 1)) do look(id) end
for _, id in ipairs(redis.call('ZREVRANGE', MOVES, 0, depth - 1)) do look(id) end

table.sort(moves, function(a, b)
  if a.rank ~= b.rank then return a.rank < b.rank end
  if a.time ~= b.time then return a.time < b.time end
  return a.id < b.id
end)

local states, records = {}, {}
for state, count in pairs(counts) do
  table.insert(states, state)
  table.insert(states, count)
end
for i = 1, math.min(rows, #moves) do
  local id = moves[i].id
  table.insert(records, id)
  table.insert(records, redis.call('BITCOUNT', key('done', id)))
  table.insert(records, redis.call('HGETALL', key('move', id)))
end

local prefixes, known = {}, {}
local function add_prefix(id)
  local fields = redis.call('HGETALL', key('prefix', id))
  if known[id] or #fields == 0 then return end
  known[id] = true
  table.insert(prefixes, id)
  table.insert(prefixes, fields)
  table.insert(prefixes, redis.call('HGETALL', key('troubles', id)))
  table.insert(prefixes, redis.call('SCARD', key('pages', id)))
end
for _, id in ipairs(redis.call('ZRANGE', ACTIVE_PREFIXES, 0, rows - 1)) do add_prefix(id) end
for _, id in ipairs(redis.call('ZREVRANGE', PREFIXES, 0, rows - 1)) do add_prefix(id) end

-- Beyond the depth nothing is counted, but how many there are is known.
local all = redis.call('ZCARD', ACTIVE)
return {string.format('%.6f', now()), all > depth and all or active, states, records,
        prefixes}
