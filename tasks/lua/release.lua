-- A part was not copied: give its place back.
-- ARGV: id, generation, part, key of the chord's difference
local id, generation, part, chord_diff = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
redis.call('ZREM', key('leases', id), part)
if not is_stale(id, generation) and get(id, 'stop') then shrink(id, chord_diff) end
return 'ok'
