-- A location takes part in one move at a time.
-- -> '' | 'lost' (another owner, or ended) | the id of the move that has one of them
-- ARGV: id, token, source, destination
local id, token, source, destination = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

if get(id, 'owner') ~= token then return 'lost' end
for _, location in ipairs({source, destination}) do
  local holder = redis.call('HGET', LOCKS, location)
  local state = holder and get(holder, 'state')
  if holder ~= id and state and not is_final(state) then return holder end
end
redis.call('HSET', LOCKS, source, id, destination, id)
redis.call('HSET', key('move', id), 'source_lock', source, 'destination_lock', destination)
return ''
