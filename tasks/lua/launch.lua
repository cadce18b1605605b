-- The owner starts a generation of part copies and lets go. -> generation | -1 (lost) | -2 (stop)
-- ARGV: id, token, bitmap of the parts already there, how many those are, how many are missing,
--       how many are published at once, cursor (the last part published)
local id, token, bitmap = ARGV[1], ARGV[2], ARGV[3]
local there, todo, issued, cursor = tonumber(ARGV[4]), ARGV[5], ARGV[6], ARGV[7]
local move = key('move', id)

if get(id, 'launched_by') == token then  -- the answer was lost, and the script sent once more
  return tonumber(get(id, 'generation'))
end
if get(id, 'owner') ~= token then return -1 end
if get(id, 'stop') then return -2 end
-- Only parts of this generation set bits in it, so beyond the cursor it stays as it is now: a part
-- that was skipped for the late bit of an older generation would never be counted by the chord.
redis.call('SET', key('done', id), bitmap)
redis.call('DEL', key('next', id))
if there > tonumber(get(id, 'there') or -1) then  -- progress: the tries count anew
  redis.call('HSET', move, 'there', there, 'launches', 1)
end
note_sizes(id)
set_state(id, 'copying')
set_outstanding(id, tonumber(issued))
redis.call('HSET', move, 'todo', todo, 'issued', issued, 'cursor', cursor,
           'updated', now(), 'launched_by', token)
redis.call('HDEL', move, 'owner', 'owner_until')
alive(id)
return redis.call('HINCRBY', move, 'generation', 1)
