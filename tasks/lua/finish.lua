-- The owner ends the move. -> 'ok' | 'lost'
-- ARGV: id, token, state, ttl, field, value, …
local id, token, state, ttl = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

if get(id, 'ended_by') == token then return 'ok' end  -- the answer was lost: sent once more
if get(id, 'owner') ~= token then return 'lost' end
redis.call('HSET', key('move', id), 'ended_by', token)
for i = 5, #ARGV, 2 do redis.call('HSET', key('move', id), ARGV[i], ARGV[i + 1]) end
finish(id, state, ttl)
return 'ok'
