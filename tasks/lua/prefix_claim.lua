-- May this page be worked on now?
-- -> {'run', pages to publish, fields of the move (flat), fields of the page (flat)}; the move's
--    are with `cursor`, the page's, and `cursors`, how many there are
--    | {'busy', seconds} | {'over' | 'done' | 'paused' | 'waiting', pages to publish}
-- ARGV: id, page, token, seconds, ttl, window, most children
local id, page, token, seconds, ttl = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]
local window, most = ARGV[6], ARGV[7]
local prefix, mine = key('prefix', id), page_key(id, page)

local state = pget(id, 'state')
if not state or is_final(state) or not pget(id, 'started') then return {'over', {}} end
local cursor = redis.call('HGET', key('cursors', id), page)
if not cursor and redis.call('EXISTS', mine) == 0 then
  end_if_whole(id, ttl)
  return {'done', ask(id, window, most, token .. ' claim')}
end
local again = redis.call('HGET', mine, 'token') == token  -- the answer was lost
if not again then
  local rest = tonumber(redis.call('HGET', mine, 'until') or 0) - now()
  if rest > 0 then return {'busy', math.ceil(rest)} end
  if redis.call('HGET', mine, 'waits') then
    if tonumber(redis.call('HGET', mine, 'left') or 0) > 0 then
      return {'waiting', ask(id, window, most, token .. ' claim')}
    end
  elseif pget(id, 'stop') then
    if not redis.call('HGET', mine, 'begun') and not redis.call('HGET', mine, 'left') then
      local count = redis.call('HGET', mine, 'count')  -- nothing of it is under way
      if count then
        redis.call('HINCRBY', prefix, 'left', count)
        count_objects('left', count)
      end
      drop_page(id, page)
      end_if_whole(id, ttl)
      return {'done', {}}
    end
  elseif pget(id, 'paused') then
    return {'paused', {}}
  end
  redis.call('HINCRBY', mine, 'begun', 1)
  redis.call('HDEL', prefix, 'copied:' .. page)
end
redis.call('HSET', mine, 'token', token, 'until', now() + seconds)
redis.call('HSET', prefix, 'updated', now())
if not redis.call('HGET', mine, 'waits') then open_page(id, page) end
redis.call('HDEL', key('asked', id), page)
sign_of_life(id)
local is_again = tonumber(redis.call('HGET', mine, 'begun')) > 1
local following = ask(id, window, most, token .. ' claim', is_again)
local move = redis.call('HGETALL', prefix)
for _, value in ipairs({'cursor', cursor or '', 'cursors', redis.call('HLEN', key('cursors', id))}) do
  table.insert(move, value)
end
return {'run', following, move, redis.call('HGETALL', mine)}
