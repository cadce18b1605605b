-- End a move whose pages have all ended; and tell what is open.
-- -> fields of the move (flat), open pages, pages that wait for their large objects
-- ARGV: id, ttl, window, most children
local id = ARGV[1]
if pget(id, 'started') then
  end_if_whole(id, ARGV[2])
  ask(id, ARGV[3], ARGV[4], 'steer')
end
return {redis.call('HGETALL', key('prefix', id)), redis.call('SMEMBERS', key('pages', id)),
        redis.call('SMEMBERS', key('waiting', id))}
