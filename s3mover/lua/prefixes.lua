-- What single moves and moves of prefixes share: those of large objects tell their page.
local PREFIXES, ACTIVE_PREFIXES = 's3mover:prefixes', 's3mover:active-prefixes'
-- Areas that moves of prefixes read and write: sorted by their bytes, each before a zero and an id.
local SOURCES, DESTINATIONS = 's3mover:areas:sources', 's3mover:areas:destinations'

local function hold(id, source, destination)
  redis.call('ZADD', SOURCES, 0, source .. '\0' .. id)
  redis.call('ZADD', DESTINATIONS, 0, destination .. '\0' .. id)
  redis.call('HSET', key('prefix', id), 'source_area', source, 'destination_area', destination)
end

local function let_go(id)
  local areas = redis.call('HMGET', key('prefix', id), 'source_area', 'destination_area')
  if not areas[1] then return end
  redis.call('ZREM', SOURCES, areas[1] .. '\0' .. id)
  redis.call('ZREM', DESTINATIONS, areas[2] .. '\0' .. id)
end

-- Pages that are worked on: a set of each move, and how many there are of all, for the metrics.
local function open_page(id, page)
  if redis.call('SADD', key('pages', id), page) == 1 then count('pages') end
end

local function close_page(id, page)
  if redis.call('SREM', key('pages', id), page) == 1 then count('pages', -1) end
end

-- What has come of objects, of all moves of prefixes.
local function count_objects(name, number)
  count(name == 'moved_bytes' and 'prefixes:bytes' or 'objects:' .. name, number)
end

-- The end of the move of a prefix: its record stays for ttl seconds.
local function end_prefix(id, state, ttl)
  local prefix = key('prefix', id)
  redis.call('HSET', prefix, 'state', state, 'finished', now(), 'updated', now())
  let_go(id)
  redis.call('HDEL', prefix, 'stop', 'paused', 'source_area', 'destination_area')
  for _, page in ipairs(redis.call('SMEMBERS', key('pages', id))) do close_page(id, page) end
  redis.call('DEL', key('waiting', id), key('cursors', id), key('asked', id))
  count('prefixes:finished:' .. state)
  redis.call('ZREM', ACTIVE_PREFIXES, id)
  redis.call('EXPIRE', prefix, ttl)
  for kind in string.gmatch(redis.call('HGET', prefix, 'callbacks') or '', '%S+') do
    redis.call('ZADD', OUTBOX, now() + 5, kind .. ' ' .. id)
  end
  redis.call('EXPIRE', key('troubles', id), ttl)
end

-- Objects that failed are counted by the kind of their errors, with one example of each.
local KINDS = 50
local function note_trouble(id, code, count, example)
  local troubles = key('troubles', id)
  if redis.call('HEXISTS', troubles, code) == 0 then
    if redis.call('HLEN', troubles) >= 2 * KINDS then code = 'Other' end
    redis.call('HSETNX', troubles, code .. ' example', example)
  end
  redis.call('HINCRBY', troubles, code, count)
end

-- What a large object of a prefix has come to is counted, and written down on its page, once.
local function tell_prefix(id, state)
  local f = redis.call('HMGET', key('move', id), 'prefix', 'page', 'item', 'plan', 'evidence',
                       'deletion', 'error', 'listed')
  local parent, item = f[1], f[3]
  if not parent then return false end
  local page, prefix = key('page', parent .. ':' .. f[2]), key('prefix', parent)
  local child = 'child ' .. item
  if redis.call('HGET', page, child) ~= 'open' then return true end
  local fault, code = f[7] and cjson.decode(f[7]), nil
  if state == 'done' then
    redis.call('HINCRBY', prefix, 'moved', 1)
    redis.call('HINCRBY', prefix, 'moved_bytes', cjson.decode(f[8]).size)
    count_objects('moved', 1)
    count_objects('moved_bytes', cjson.decode(f[8]).size)
  elseif state == 'cancelled' then
    redis.call('HINCRBY', prefix, 'left', 1)
    state = 'left'
  elseif fault and fault.code == 'DestinationChanged'
    and cjson.decode(redis.call('HGET', prefix, 'request')).overwrite == 'never' then
    redis.call('HINCRBY', prefix, 'skipped', 1)
    state = 'skipped'
  else
    redis.call('HINCRBY', prefix, 'failed', 1)
    code = fault and fault.code or 'Unknown'
    if code == 'DestinationChanged' then code = 'Collision' end
    note_trouble(parent, code, 1, cjson.encode({redis.call('HGET', key('move', id), 'source'),
                                                fault and fault.message or ''}))
  end
  if state ~= 'done' then count_objects(code and 'failed' or state, 1) end
  redis.call('HSET', page, child, cjson.encode({
    move = id, state = state, evidence = f[5] or nil, deletion = f[6] or nil, error = f[7] or nil}))
  redis.call('HINCRBY', page, 'left', -1)
  redis.call('HINCRBY', prefix, 'children', -1)
  redis.call('HSET', prefix, 'updated', now())
  redis.call('ZADD', ACTIVE_PREFIXES, now(), parent)
  return true
end
