-- Shared by the scripts of prefix moves. A page of the listing is a hash:
--   token, until (whose it is), begun (how often it was), list (its objects, packed), chunk (files
--   of the report that were written), proven (destination ETags that are not the source's own),
--   waits (only its large objects are left), left (how many), 'child i' ('open' or its end).
local function page_key(id, page) return key('page', id .. ':' .. page) end

local function pget(id, field) return redis.call('HGET', key('prefix', id), field) end

local function is_whole(id) return pget(id, 'listed') or pget(id, 'stop') end

local function sign_of_life(id)
  redis.call('HDEL', key('prefix', id), 'sweeps')
  redis.call('ZADD', ACTIVE_PREFIXES, now(), id)
end

-- The page to publish next, if there is one and room for it; 0 = none. Each is asked for once, and
-- `who` has asked for it hears of it again, should the answer have been lost.
local function ask_next(id, window, most, who)
  local pages, asked = tonumber(pget(id, 'pages')), tonumber(pget(id, 'asked'))
  if not pages or is_whole(id) or pget(id, 'paused') then return 0 end
  if asked > pages then return pget(id, 'asked_by') == who and asked or 0 end
  if redis.call('SCARD', key('pages', id)) >= tonumber(window) then return 0 end
  if tonumber(pget(id, 'children') or 0) >= tonumber(most) then return 0 end
  redis.call('HSET', key('prefix', id), 'asked', pages + 1, 'asked_by', who)
  return pages + 1
end

local function drop_page(id, page)
  redis.call('DEL', page_key(id, page))
  redis.call('HDEL', key('prefix', id), 'copied:' .. page)
  close_page(id, page)
  redis.call('SREM', key('waiting', id), page)
end

-- With the last page the move has ended; failed if any of its objects is left behind.
local function end_if_whole(id, ttl)
  if not is_whole(id) or is_final(pget(id, 'state')) then return end
  if redis.call('SCARD', key('pages', id)) > 0 then return end
  if redis.call('SCARD', key('waiting', id)) > 0 then return end
  local failed = tonumber(pget(id, 'failed') or 0) > 0
  end_prefix(id, pget(id, 'stop') or (failed and 'failed' or 'done'), ttl)
end
