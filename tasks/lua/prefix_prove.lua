-- Copies that are proven, but by more than one ETag, before their sources go. -> 'ok' | 'lost'
-- ARGV: id, page, token, JSON
local mine = page_key(ARGV[1], ARGV[2])
if redis.call('HGET', mine, 'token') ~= ARGV[3] then return 'lost' end
redis.call('HSET', mine, 'proven', ARGV[4])
return 'ok'
