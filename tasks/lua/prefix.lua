-- Shared by the scripts of prefix moves. A page of the listing is a hash:
--   token, until (whose it is), begun (how often it was), patient (how often of these
--   it was let go in order), list (its objects, packed), chunk (files
--   of the report that were written), proven (destination ETags that are not the source's own),
--   waits (only its large objects are left), left (how many), 'child i' ('open' or its end).
-- A page that is not listed has a cursor, in the hash `cursors` of the move; each that is listed
-- leaves none, one, or, where the listing splits, several of further pages. These are numbered up
-- to `numbered` and asked for up to `asked`; the hash `asked` has who asked for those that nobody
-- has claimed yet. The set `pages` has those that were asked for and have not ended.
local function page_key(id, page) return key('page', id .. ':' .. page) end

local function pget(id, field) return redis.call('HGET', key('prefix', id), field) end

local function is_whole(id) return pget(id, 'listed') or pget(id, 'stop') end

local function sign_of_life(id)
  redis.call('HDEL', key('prefix', id), 'sweeps')
  redis.call('ZADD', ACTIVE_PREFIXES, now(), id)
end

-- The pages to publish now, as many as there is room for. Each is asked for once; `who` has asked
-- for it hears of it again, should the answer have been lost, and so does all that comes after a
-- dead worker (`all`): it may have died before it published them.
local function ask(id, window, most, who, all)
  local found, asked = {}, tonumber(pget(id, 'asked'))
  if not asked or is_final(pget(id, 'state')) then return found end
  if pget(id, 'stop') or pget(id, 'paused') then return found end
  local flat = redis.call('HGETALL', key('asked', id))
  for i = 1, #flat, 2 do
    if all or flat[i + 1] == who then table.insert(found, tonumber(flat[i])) end
  end
  if tonumber(pget(id, 'children') or 0) >= tonumber(most) then return found end
  local room = tonumber(window) - redis.call('SCARD', key('pages', id))
  for page = asked + 1, math.min(asked + room, tonumber(pget(id, 'numbered'))) do
    open_page(id, page)
    redis.call('HSET', key('asked', id), page, who)
    redis.call('HSET', key('prefix', id), 'asked', page)
    table.insert(found, page)
  end
  return found
end

local function drop_page(id, page)
  redis.call('DEL', page_key(id, page))
  redis.call('HDEL', key('prefix', id), 'copied:' .. page)
  redis.call('HDEL', key('cursors', id), page)
  redis.call('HDEL', key('asked', id), page)
  close_page(id, page)
  redis.call('SREM', key('waiting', id), page)
end

-- With the last page the move has ended; failed if any of its objects is left behind. Of one that
-- is stopped, what nobody has begun to list goes.
local function end_if_whole(id, ttl)
  if not is_whole(id) or is_final(pget(id, 'state')) then return end
  if pget(id, 'stop') then
    for _, page in ipairs(redis.call('HKEYS', key('asked', id))) do drop_page(id, page) end
  end
  if redis.call('SCARD', key('pages', id)) > 0 then return end
  if redis.call('SCARD', key('waiting', id)) > 0 then return end
  local failed = tonumber(pget(id, 'failed') or 0) > 0
  end_prefix(id, pget(id, 'stop') or (failed and 'failed' or 'done'), ttl)
end
