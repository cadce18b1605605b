-- Shared by the scripts that heed or move the limit of a bucket: how many copies of parts and of
-- whole objects into it are in flight at once, over the whole fleet.
-- The limit is a hash that is there only while the store throttles; without it all come in:
--   limit, threshold (below it the limit doubles, above it it grows by steps),
--   moved, lowered, seen (times: of a change, of one downwards, of the last throttle),
--   good (copies since the last change), used (whether half of it was, since then), strikes (times lowered since a copy succeeded),
--   until (none begins before), kept, kept_until (a place kept for this move).
local CALM = 60           -- seconds without a throttle after which the limit goes
local ROUND = 1           -- seconds: the limit is raised and lowered at most once in them
local KEPT = 3            -- seconds that a place is kept for a move that holds none
local LONGEST_PAUSE = 300 -- seconds: more of a Retry-After is not believed
local GAP = 300           -- seconds: more between two looks of a move is not its waiting

local change = ''         -- 'bucket limit' when this script has moved it; 0 = there is none now

local function bucket_in(location) return string.match(location or '', '^s3://([^/]+)/') end

local function bucket_of(id) return bucket_in(get(id, 'destination_lock')) end

local function set_limit(bucket, limit)
  redis.call('HSET', key('throttle', bucket), 'limit', limit, 'moved', now(), 'good', 0,
             'used', 0)
  change = bucket .. ' ' .. math.floor(limit)
end

local function is_limited(bucket)
  if not bucket then return false end
  local seen = redis.call('HGET', key('throttle', bucket), 'seen')
  if not seen then return false end
  if now() - tonumber(seen) <= CALM then return true end
  redis.call('DEL', key('throttle', bucket), key('flight', bucket))
  change = bucket .. ' 0'
  return false
end

local function fly(bucket, seconds, ...)
  local flight = key('flight', bucket)
  redis.call('ZADD', flight, ...)
  redis.call('EXPIRE', flight, math.ceil(seconds) + CALM)
end

-- Who holds nothing goes first: the next free place is kept for it, so that the parts of a huge
-- move, each of which hands its place to the next, leave some to others.
local function seconds_refused(bucket, id, holds)
  local limit = key('throttle', bucket)
  local f = redis.call('HMGET', limit, 'limit', 'until', 'kept', 'kept_until')
  local pause = tonumber(f[2] or 0) - now()
  if pause > 0 then return math.ceil(pause) end
  local kept = f[3] and tonumber(f[4]) > now() and f[3]
  redis.call('ZREMRANGEBYSCORE', key('flight', bucket), '-inf', now())
  local free = math.floor(tonumber(f[1])) - redis.call('ZCARD', key('flight', bucket))
  if free <= tonumber(f[1]) / 2 then redis.call('HSET', limit, 'used', 1) end
  if kept and kept ~= id then free = free - 1 end
  if free >= 1 then
    if kept == id then redis.call('HDEL', limit, 'kept', 'kept_until') end
    return nil
  end
  if holds > 0 or (kept and kept ~= id) then return 2 end
  redis.call('HSET', limit, 'kept', id, 'kept_until', now() + KEPT)
  return 1
end

-- -> nil: begin; else the seconds after which to ask again
local function refused(bucket, id, token, seconds, holds)
  if not is_limited(bucket) then return nil end
  if redis.call('ZSCORE', key('flight', bucket), token) then return nil end
  local wait = seconds_refused(bucket, id, holds)
  if not wait then fly(bucket, seconds, now() + seconds, token) end
  return wait
end

-- The limit is raised when as many copies as it allows have succeeded, and half of it was in use.
local function raise_limit(bucket)
  local limit = key('throttle', bucket)
  local f = redis.call('HMGET', limit, 'limit', 'threshold', 'moved', 'used')
  local now_at, threshold = tonumber(f[1]), tonumber(f[2] or math.huge)
  local good = redis.call('HINCRBY', limit, 'good', 1)
  redis.call('HSET', limit, 'strikes', 0)
  if good < math.floor(now_at) or now() - tonumber(f[3]) < ROUND then return end
  if f[4] ~= '1' then return end
  if now_at < threshold then set_limit(bucket, math.min(2 * now_at, threshold))
  else set_limit(bucket, now_at + math.max(1, threshold / 20)) end
end

-- A copy has ended; only the first word on it counts.
local function land(bucket, token, is_good)
  if not bucket then return end
  if redis.call('ZREM', key('flight', bucket), token) == 0 or not is_good then return end
  if is_limited(bucket) then raise_limit(bucket) end
end

-- The store has throttled: halve the limit, but once for all answers of one round.
-- Where there was none, `in_flight` copies are known of; it grows back fast, by doubling.
local function lower_limit(bucket, in_flight, retry_after, ceiling)
  local limit = key('throttle', bucket)
  local is_new = not is_limited(bucket)
  local f = redis.call('HMGET', limit, 'limit', 'lowered', 'strikes', 'until')
  local was = tonumber(f[1] or in_flight)
  local pause = math.min(retry_after, LONGEST_PAUSE)
  if is_new or now() - tonumber(f[2]) >= ROUND then
    local half = math.max(1, math.floor(was / 2))
    -- Throttled again before any copy came through says nothing on where to go back to.
    if f[3] == '0' then redis.call('HSET', limit, 'threshold', half) end
    local strikes = redis.call('HINCRBY', limit, 'strikes', 1)
    redis.call('HSET', limit, 'lowered', now())
    if is_new or half ~= was then set_limit(bucket, half)
    else pause = math.max(pause, math.min(ceiling, 2 ^ (strikes - 1)) / 2) end
  end
  local until_ = math.max(tonumber(f[4] or 0), now() + pause)
  redis.call('HSET', limit, 'until', until_, 'seen', until_)
  redis.call('EXPIRE', limit, LONGEST_PAUSE + 10 * CALM)
end

-- -> the seconds in which the move has only waited for a store that throttles
local function waited(id)
  local move = key('move', id)
  local last = tonumber(get(id, 'throttled_last') or now())
  redis.call('HSET', move, 'throttled_last', now())
  return redis.call('HINCRBYFLOAT', move, 'throttled_for', math.min(now() - last, GAP))
end

local function came_through(id)
  redis.call('HDEL', key('move', id), 'throttled_last', 'throttled_for')
end
