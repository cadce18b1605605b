-- Messages are acknowledged, recorded and taken in one step, in kombu's own layout: a message that
-- has left its queue is in `unacked`, whatever becomes of the worker that asked for it.
-- -> {tag under which `given` is recorded, then of each message taken: queue, text, tag}; a tag is
--    '' where that was not possible
-- KEYS: unacked, unacked_index, then the queues, class of priority by class
-- ARGV: time, how many are taken at most, queues in a class, given ('' = none; what BRPOP has
--       brought), tags that are acknowledged, …
local unacked, index = KEYS[1], KEYS[2]
local time, most, width, given = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]

for i = 5, #ARGV do
  redis.call('ZREM', index, ARGV[i])
  redis.call('HDEL', unacked, ARGV[i])
end

-- What is no message of kombu's is left to its reader, who knows what to do with it.
local function record(text)
  local is_json, message = pcall(cjson.decode, text)
  local properties = is_json and type(message) == 'table' and message.properties
  if type(properties) ~= 'table' or type(properties.delivery_info) ~= 'table' then return '' end
  local tag, info = properties.delivery_tag, properties.delivery_info
  for _, word in ipairs({tag or 0, info.exchange or 0, info.routing_key or 0}) do
    if type(word) ~= 'string' then return '' end
  end
  local place = cjson.encode(info.exchange) .. ', ' .. cjson.encode(info.routing_key)
  redis.call('ZADD', index, time, tag)
  redis.call('HSET', unacked, tag, '[' .. text .. ', ' .. place .. ']')
  return tag
end

-- In turn, so that no queue fills a worker while another has messages.
local turn = 0
local function pop()
  for class = 3, #KEYS, width do
    for i = 0, width - 1 do
      local queue = KEYS[class + (turn + i) % width]
      local text = redis.call('RPOP', queue)
      if text then
        turn = turn + i + 1
        return queue, text
      end
    end
  end
end

if width < 1 then most = 0 end  -- a step of 0 would never end
local answer = {given == '' and '' or record(given)}
for _ = 1, most do
  local queue, text = pop()
  if not queue then break end
  for _, each in ipairs({queue, text, record(text)}) do table.insert(answer, each) end
end
return answer
