-- What was found out before the first page is written down, once. -> 'ok' | 'over'
-- ARGV: id, field, value, …
local id = ARGV[1]
local prefix = key('prefix', id)
if is_final(pget(id, 'state') or 'done') then return 'over' end
if redis.call('HSETNX', prefix, 'started', now()) == 1 then
  for i = 2, #ARGV, 2 do redis.call('HSET', prefix, ARGV[i], ARGV[i + 1]) end
  redis.call('HSET', prefix, 'state', 'listing', 'updated', now())
end
sign_of_life(id)
return 'ok'
