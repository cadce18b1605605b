-- What was found out before the first page is written down, once, unless another move has to do
-- with the same objects. -> 'ok' | 'over' | 'busy ' and the id of that other move
-- ARGV: id, source and destination as areas (`bucket/prefix/`), then field, value, …
local id, source, destination = ARGV[1], ARGV[2], ARGV[3]
local prefix = key('prefix', id)
if is_final(pget(id, 'state') or 'done') then return 'over' end
if not pget(id, 'started') then
  local holder = holder_of(SOURCES, source) or holder_of(SOURCES, destination)
    or holder_of(DESTINATIONS, source)
  if holder then return 'busy ' .. holder end
  hold(id, source, destination)
  redis.call('HSET', prefix, 'started', now(), 'asked', 0, 'numbered', 1)
  for i = 4, #ARGV, 2 do redis.call('HSET', prefix, ARGV[i], ARGV[i + 1]) end
  redis.call('HSET', key('cursors', id), 1, pget(id, 'cursor') or '')
  redis.call('HDEL', prefix, 'cursor')
  redis.call('HSET', prefix, 'state', 'listing', 'updated', now())
end
sign_of_life(id)
return 'ok'
