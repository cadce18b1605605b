-- A page was not worked on to its end: let it go, so that its message can come again.
-- Of one that only the store has kept waiting, this is no sign that it kills its workers.
-- ARGV: id, page, token, '1' = the store has asked for patience
local mine = page_key(ARGV[1], ARGV[2])
if redis.call('HGET', mine, 'token') ~= ARGV[3] then return 'lost' end
redis.call('HDEL', mine, 'token', 'until')
if ARGV[4] == '1' then redis.call('HINCRBY', mine, 'patient', 1) end
return 'ok'
