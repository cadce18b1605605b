-- The work on a page has ended: its results count, once.
-- -> {'ok' | 'lost', pages to publish, '1' = its large objects have all ended}
-- ARGV: id, page, token, ttl, window, most children, what is left of the page's list ('' =
--       nothing), how many, waits ('1': those are large objects), moved, moved bytes, skipped,
--       failed, left, then of each kind of error: code, count, example
local id, page, token, ttl, window, most = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local rest, count, waits = ARGV[7], ARGV[8], ARGV[9] == '1'
local prefix, mine = key('prefix', id), page_key(id, page)

if redis.call('HGET', mine, 'token') ~= token then
  return {'lost', ask(id, window, most, token .. ' end'), '0'}
end
for i, name in ipairs({'moved', 'moved_bytes', 'skipped', 'failed', 'left'}) do
  if ARGV[9 + i] ~= '0' then
    redis.call('HINCRBY', prefix, name, ARGV[9 + i])
    count_objects(name, ARGV[9 + i])
  end
end
for i = 15, #ARGV, 3 do note_trouble(id, ARGV[i], ARGV[i + 1], ARGV[i + 2]) end
redis.call('HSET', prefix, 'updated', now())
local is_over, is_next = '0', false
if redis.call('HEXISTS', key('cursors', id), page) == 1 and not pget(id, 'stop') then
  redis.call('HDEL', mine, 'token', 'until', 'begun', 'patient')  -- a pause came before it was listed
  is_next = not pget(id, 'paused')
elseif rest == '' then
  drop_page(id, page)
else
  redis.call('HDEL', mine, 'token', 'until', 'begun', 'patient', 'proven')
  redis.call('HDEL', prefix, 'copied:' .. page)
  redis.call('HSET', mine, 'list', rest, 'count', count)
  redis.call('HINCRBY', mine, 'chunk', 1)
  if waits then
    redis.call('HSET', mine, 'waits', 1)
    close_page(id, page)
    redis.call('SADD', key('waiting', id), page)
    if tonumber(redis.call('HGET', mine, 'left') or 0) == 0 then is_over = '1' end
  end
end
sign_of_life(id)
local following = ask(id, window, most, token .. ' end')
if is_next then table.insert(following, tonumber(page)) end
end_if_whole(id, ttl)
return {'ok', following, is_over}
