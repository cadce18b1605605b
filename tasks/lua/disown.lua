-- The owner lets go, so that the next message can carry on.
-- ARGV: id, token, counts ('1' = this was a try; else it only waited), trouble ('' = none)
local id, token, counts = ARGV[1], ARGV[2], ARGV[3] == '1'
local move = key('move', id)
if get(id, 'owner') == token then
  redis.call('HDEL', move, 'owner', 'owner_until')
  note_trouble(id, ARGV[4])
  if not counts and get(id, 'counted') == token then redis.call('HINCRBY', move, 'launches', -1) end
end
return 'ok'
