-- So much of a page is copied, and not counted before its end. -> 1 = stop or pause is asked for
-- ARGV: id, page, token, objects, bytes
local id, page, token = ARGV[1], ARGV[2], ARGV[3]

if redis.call('HGET', page_key(id, page), 'token') == token then
  redis.call('HSET', key('prefix', id), 'copied:' .. page, ARGV[4] .. ' ' .. ARGV[5],
             'updated', now())
end
return (pget(id, 'stop') or pget(id, 'paused')) and 1 or 0
