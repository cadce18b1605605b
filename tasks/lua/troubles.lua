-- Shared by the scripts that let go of a part or a move which is to be tried again.

-- What it was up against, the newest of five first; '' = it is not tried again.
local function note_trouble(id, fault)
  local move = key('move', id)
  if not fault or fault == '' or redis.call('EXISTS', move) == 0 then return end
  local troubles = cjson.decode(redis.call('HGET', move, 'troubles') or '[]')
  local trouble = cjson.decode(fault)
  table.insert(troubles, 1, trouble)
  count('retries:' .. (trouble.part and 'part' or 'step'))
  redis.call('HSET', move, 'troubles', cjson.encode({unpack(troubles, 1, 5)}), 'updated', now())
  redis.call('HINCRBY', move, 'retries', 1)
end
