-- May this page be worked on now?
-- -> {'run', next, fields of the move (flat), fields of the page (flat)}
--    | {'busy', seconds} | {'over' | 'done' | 'paused' | 'waiting', next}
-- ARGV: id, page, token, seconds, ttl, window, most children
local id, page, token, seconds, ttl = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5]
local window, most = ARGV[6], ARGV[7]
local prefix, mine = key('prefix', id), page_key(id, page)

local state = pget(id, 'state')
if not state or is_final(state) or not pget(id, 'started') then return {'over', 0} end
local pages, known = tonumber(pget(id, 'pages')), redis.call('EXISTS', mine) == 1
if not known and (tonumber(page) <= pages or tonumber(page) > pages + 1 or is_whole(id)) then
  end_if_whole(id, ttl)
  return {'done', ask_next(id, window, most, token .. ' claim')}
end
local again = redis.call('HGET', mine, 'token') == token  -- the answer was lost
if not again then
  local rest = tonumber(redis.call('HGET', mine, 'until') or 0) - now()
  if rest > 0 then return {'busy', math.ceil(rest)} end
  if redis.call('HGET', mine, 'waits') then
    if tonumber(redis.call('HGET', mine, 'left') or 0) > 0 then
      return {'waiting', ask_next(id, window, most, token .. ' claim')}
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
      return {'done', 0}
    end
  elseif pget(id, 'paused') then
    return {'paused', 0}
  end
  redis.call('HINCRBY', mine, 'begun', 1)
  redis.call('HDEL', prefix, 'copied:' .. page)
end
redis.call('HSET', mine, 'token', token, 'until', now() + seconds)
redis.call('HSET', prefix, 'updated', now())
if not redis.call('HGET', mine, 'waits') then open_page(id, page) end
-- This page is its own message: nobody has to ask for it.
if tonumber(page) > tonumber(pget(id, 'asked')) then redis.call('HSET', prefix, 'asked', page) end
sign_of_life(id)
return {'run', ask_next(id, window, most, token .. ' claim'), redis.call('HGETALL', prefix), redis.call('HGETALL', mine)}
