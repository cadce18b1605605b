-- The callbacks that are still to be made; each is found again only after `grace` seconds, so that
-- a long queue is not filled with copies of its messages. -> 'kind id', …      ARGV: grace, limit
local grace, limit = tonumber(ARGV[1]), ARGV[2]
local found = redis.call('ZRANGEBYSCORE', OUTBOX, '-inf', now(), 'LIMIT', 0, limit)
for _, entry in ipairs(found) do redis.call('ZADD', OUTBOX, now() + grace, entry) end
return found
