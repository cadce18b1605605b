-- A callback was made, or was tried. -> 'ok' | 'known' (it was made or given up before)
-- ARGV: id, kind, what to say of it in the record, seconds until it is tried again ('' = never)
local id, kind, word, pause = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local move, entry = key('move', id), kind .. ' ' .. id
if redis.call('EXISTS', move) == 0 then move = key('prefix', id) end

if not redis.call('ZSCORE', OUTBOX, entry) then return 'known' end
if pause == '' then redis.call('ZREM', OUTBOX, entry)
else redis.call('ZADD', OUTBOX, now() + pause, entry) end
if redis.call('EXISTS', move) == 0 then return 'ok' end
redis.call('HSET', move, 'told:' .. kind, word)
if pause == '' then redis.call('HDEL', move, 'hold:' .. kind, 'tries:' .. kind)
else redis.call('HSET', move, 'hold:' .. kind, now() + pause) end
return 'ok'
