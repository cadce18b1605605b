-- May the owner copy its object whole now? -> {'run' | 'lost' | seconds until it asks again, waited,
-- change of the limit}      ARGV: id, token, seconds of the lease
local id, token, seconds = ARGV[1], ARGV[2], tonumber(ARGV[3])

if get(id, 'owner') ~= token then return {'lost', '0', change} end
local wait = refused(bucket_of(id), id, token, seconds, 0)
if not wait then return {'run', '0', change} end
return {wait, waited(id), change}
