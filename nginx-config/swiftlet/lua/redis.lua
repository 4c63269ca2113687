-- One GET of Redis, over kept connections, within time limits.
--
-- It is a small client of its own: the one that Debian packages needs all of nginx-extras, and only
-- GET is needed here. After any failure the connection is closed: a reused one would return the
-- reply to an earlier command.

local breakers = require("swiftlet.lua.breaker")
local clock = require("swiftlet.lua.clock")
local redis_address = require("swiftlet.lua.redis_address")

local KEPT, KEPT_MILLISECONDS = 32, 10000
local LONGEST = 16384 -- No plain link's record is longer.

local address, timeout, greeting, replies, pool
local breaker = breakers.new()

local redis = {}

local function command(...)
  local words = { ... }
  local parts = { "*" .. #words .. "\r\n" }
  for _, word in ipairs(words) do
    parts[#parts + 1] = "$" .. #word .. "\r\n" .. word .. "\r\n"
  end
  return table.concat(parts)
end

-- Raises an error with the variable's name when REDIS_URL can't be read.
function redis.configure(settings)
  local reason
  address, reason = redis_address.parse(settings.redis_url)
  if not address then
    error("REDIS_URL can't be read: " .. reason, 0)
  end
  timeout = settings.redis_timeout_ms
  greeting, replies = "", 0
  if address.password then
    greeting = address.user and command("AUTH", address.user, address.password)
      or command("AUTH", address.password)
    replies = 1
  end
  if address.database ~= 0 then
    greeting = greeting .. command("SELECT", tostring(address.database))
    replies = replies + 1
  end
  -- Connections with another greeting, from before a reload, are not ours.
  pool = { pool = "swiftlet:" .. ngx.md5(settings.redis_url), pool_size = KEPT }
end

local function connect(socket)
  local is_connected, reason
  if address.port then
    is_connected, reason = socket:connect(address.host, address.port, pool)
  else
    is_connected, reason = socket:connect(address.host, pool)
  end
  if not is_connected then
    return nil, reason
  end
  if replies == 0 or socket:getreusedtimes() > 0 then
    return true
  end
  local sent
  sent, reason = socket:send(greeting)
  if not sent then
    return nil, reason
  end
  for _ = 1, replies do
    local line
    line, reason = socket:receive()
    if line ~= "+OK" then
      return nil, line or reason
    end
  end
  return true
end

-- The result for a reply that the pool must ask for again: an error, or a value that is too long.
-- Redis has answered, so it counts as no failure.
local REFUSAL = {}

-- Returns the value, false for none, or REFUSAL; nil and the reason without an answer.
local function ask(socket, key)
  local is_done, reason = connect(socket)
  if not is_done then
    return nil, reason
  end
  is_done, reason = socket:send("*2\r\n$3\r\nGET\r\n$" .. #key .. "\r\n" .. key .. "\r\n")
  if not is_done then
    return nil, reason
  end
  local line
  line, reason = socket:receive()
  if not line then
    return nil, reason
  end
  local kind = line:byte(1)
  if kind == 0x2D then -- "-": the value is of another type, or Redis is still loading.
    return REFUSAL
  end
  local count = kind == 0x24 and tonumber(line:sub(2)) -- "$"
  if not count then
    return nil, "a reply that is no string"
  end
  if count > LONGEST then
    socket:close() -- The value is still on its way.
    return REFUSAL
  end
  if count < 0 then
    return false
  end
  local value
  value, reason = socket:receive(count + 2)
  return value and value:sub(1, count), reason
end

-- Returns the value of a key, false when there is none, nil when Redis can't tell.
function redis.get(key)
  if not breaker:allows(clock.milliseconds()) then
    return nil
  end
  local socket = ngx.socket.tcp()
  socket:settimeouts(timeout, timeout, timeout)
  local value, reason = ask(socket, key)
  if value == nil then
    socket:close()
    if breaker:failed(clock.milliseconds()) then
      ngx.log(ngx.WARN, "fast path: Redis fails, so the pool answers: ", reason)
    end
    return nil
  end
  socket:setkeepalive(KEPT_MILLISECONDS, KEPT)
  if breaker:succeeded() then
    ngx.log(ngx.NOTICE, "fast path: Redis is back")
  end
  if value == REFUSAL then
    return nil
  end
  return value
end

return redis
