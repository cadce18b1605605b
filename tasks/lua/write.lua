-- The owner writes fields; an empty value removes its field.
-- -> 'ok' | 'lost' (another owner, or ended) | 'stop' (and nothing is written)
-- ARGV: id, token, guard ('any', or the stop that must be asked for still: '' = none), field, value, …
local id, token, guard = ARGV[1], ARGV[2], ARGV[3]
local move = key('move', id)

if get(id, 'owner') ~= token then return 'lost' end
if guard ~= 'any' and guard ~= (get(id, 'stop') or '') then return 'stop' end
for i = 4, #ARGV, 2 do
  if ARGV[i] == 'state' then set_state(id, ARGV[i + 1])
  elseif ARGV[i + 1] == '' then redis.call('HDEL', move, ARGV[i])
  else redis.call('HSET', move, ARGV[i], ARGV[i + 1]) end
end
-- Of a generation that was stopped nothing more is copied, though some of its parts never were.
if guard ~= 'any' and guard ~= '' then set_outstanding(id, 0) end
redis.call('HSET', move, 'updated', now())
alive(id)
return 'ok'
