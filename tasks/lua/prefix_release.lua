-- A page was not worked on to its end: let it go, so that its message can come again.
-- ARGV: id, page, token
local mine = page_key(ARGV[1], ARGV[2])
if redis.call('HGET', mine, 'token') == ARGV[3] then redis.call('HDEL', mine, 'token', 'until') end
return 'ok'
