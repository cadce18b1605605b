-- The objects of a page, and where others begin, before any of them is touched.
-- -> {'ok' | 'lost', pages to publish}
-- ARGV: id, page, token, list, objects, found, found bytes, filtered, window, most children, then
--       the cursors of further pages
local id, page, token, list, count = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local window, most = ARGV[9], ARGV[10]
local prefix, mine, cursors = key('prefix', id), page_key(id, page), key('cursors', id)

if redis.call('HGET', mine, 'token') ~= token then return {'lost', {}} end
if redis.call('HDEL', cursors, page) == 1 then
  redis.call('HSET', mine, 'list', list, 'count', count)
  for i = 11, #ARGV do
    redis.call('HSET', cursors, redis.call('HINCRBY', prefix, 'numbered', 1), ARGV[i])
  end
  redis.call('HSET', prefix, 'state', 'moving', 'updated', now())
  if redis.call('HLEN', cursors) == 0 then redis.call('HSET', prefix, 'listed', 1) end
  for i, name in ipairs({'found', 'found_bytes', 'filtered'}) do
    redis.call('HINCRBY', prefix, name, ARGV[5 + i])
  end
end
return {'ok', ask(id, window, most, token .. ' save')}
