-- What is counted of the active moves, made right again: workers of an older release count
-- nothing, and a record may be removed by hand. -> 'ok' | 'mended' | 'many' (too many to look at)
-- ARGV: limit
if redis.call('ZCARD', ACTIVE) > tonumber(ARGV[1]) then return 'many' end

local states, outstanding, listed, is_right = {}, 0, 0, true
for _, id in ipairs(redis.call('ZRANGE', ACTIVE, 0, -1)) do
  local state = get(id, 'state')
  if state and not is_final(state) then
    states[id] = state
    listed = listed + 1
    outstanding = outstanding + tonumber(get(id, 'out') or 0)
    is_right = is_right and redis.call('ZSCORE', key('in', state), id)
  end
end
for _, state in ipairs(STATES) do listed = listed - redis.call('ZCARD', key('in', state)) end
if is_right and listed == 0 and tonumber(redis.call('HGET', TALLY, 'outstanding') or 0) == outstanding
then return 'ok' end

for _, state in ipairs(STATES) do redis.call('DEL', key('in', state)) end
for id, state in pairs(states) do enlist(id, state) end
redis.call('HSET', TALLY, 'outstanding', outstanding)
return 'mended'
