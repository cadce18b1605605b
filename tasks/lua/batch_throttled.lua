-- The store has throttled the copy of an object of a prefix. -> {strikes, change of the limit}
-- ARGV: bucket, token of the copy, copies in flight, Retry-After (0 = none), ceiling of a pause
local bucket, token, in_flight = ARGV[1], ARGV[2], tonumber(ARGV[3])
land(bucket, token, false)
lower_limit(bucket, in_flight, tonumber(ARGV[4]), tonumber(ARGV[5]))
return {redis.call('HGET', key('throttle', bucket), 'strikes') or '1', change}
