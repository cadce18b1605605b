-- A part was not copied: give its place back.
-- ARGV: id, generation, part, token, key of the chord's difference, trouble ('' = not tried again)
local id, generation, part, token, chord_diff = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
if give_back(id, part, token) then note_trouble(id, ARGV[6]) end
land(bucket_of(id), token, false)
if not is_stale(id, generation) and get(id, 'stop') then shrink(id, chord_diff) end
return 'ok'
