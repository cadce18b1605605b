-- May an object of a prefix be copied into the bucket now? -> {'run' | seconds, change of the limit}
-- ARGV: bucket, id of the move, token of the copy, seconds of its place, places that the move has
local bucket, id, token, seconds, holds = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local wait = refused(bucket, id, token, seconds, holds)
return {wait and tostring(wait) or 'run', change}
