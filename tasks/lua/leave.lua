-- The copy of a whole object has ended. -> change of the limit
-- ARGV: id, token, good ('1' = it succeeded)
local id, token, is_good = ARGV[1], ARGV[2], ARGV[3] == '1'
land(bucket_of(id), token, is_good)
if is_good and get(id, 'owner') == token then came_through(id) end
return change
