-- The store has throttled a request of a part or of the move: its place is given back, the limit
-- of the bucket is lowered. -> {strikes, waited, change of the limit}
-- ARGV: id, generation, part (0 = the move itself), token, Retry-After (0 = none), ceiling of a
--       pause, key of the chord's difference, trouble
local id, generation, part, token = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local retry_after, ceiling, chord_diff = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7]
local move, bucket = key('move', id), bucket_of(id)
local is_first, in_flight

if part == '0' then
  is_first = get(id, 'owner') == token and get(id, 'throttled_by') ~= token
  in_flight = 1
  if is_first then redis.call('HSET', move, 'throttled_by', token) end
else
  is_first = redis.call('HGET', key('claims', id), part) == token
  in_flight = redis.call('ZCARD', key('leases', id))
  give_back(id, part, token)
  if not is_stale(id, generation) and get(id, 'stop') then shrink(id, chord_diff) end
end
if is_first then
  note_trouble(id, ARGV[8])
  count('throttles:' .. (bucket or '?'))
end
if is_first and bucket then
  land(bucket, token, false)
  lower_limit(bucket, in_flight, retry_after, ceiling)
end
local strikes = bucket and redis.call('HGET', key('throttle', bucket), 'strikes')
return {strikes or '1', is_first and waited(id) or get(id, 'throttled_for') or '0', change}
