-- The objects of a page, and where the next begins, before any of them is touched.
-- -> {'ok' | 'lost', next}
-- ARGV: id, page, token, list, objects, cursor of the next page ('' = this is the last), found,
--       found bytes, filtered, window, most children
local id, page, token, list, count, cursor = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local prefix, mine = key('prefix', id), page_key(id, page)
local window, most = ARGV[10], ARGV[11]

if redis.call('HGET', mine, 'token') ~= token then return {'lost', 0} end
if not redis.call('HGET', mine, 'list') then
  redis.call('HSET', mine, 'list', list, 'count', count)
  redis.call('HSET', prefix, 'pages', page, 'cursor', cursor, 'state', 'moving', 'updated', now())
  if cursor == '' then redis.call('HSET', prefix, 'listed', 1) end
  for i, name in ipairs({'found', 'found_bytes', 'filtered'}) do
    redis.call('HINCRBY', prefix, name, ARGV[6 + i])
  end
end
return {'ok', ask_next(id, window, most, token .. ' save')}
