-- The address of Redis: REDIS_URL in the forms that Sources/Redis/Address.swift reads.
--
-- redis://[[user]:password@]host[:port][/database], unix://[[user]:password@]/path[?db=database]

local posix = require("swiftlet.lua.posix")

local redis_address = {}

local function decoded(text)
  return (text:gsub("%%(%x%x)", function(digits)
    return string.char(tonumber(digits, 16))
  end))
end

-- Returns the text before and after the last "@".
local function split(text)
  local credentials, rest = text:match("^(.*)@(.-)$")
  return credentials, rest or text
end

local function tcp(rest)
  local authority, database = rest:match("^([^/]*)/?(.*)$")
  local credentials, place = split(authority)
  local host, port = place:match("^%[(.-)%]:?(%d*)$")
  if not host then
    host, port = place:match("^([^:]+):?(%d*)$")
  end
  port = port == "" and 6379 or tonumber(port)
  if not host or not port or port < 1 or port > 65535 then
    return nil, "it has no host or no port"
  end
  -- nginx doesn't use the system's resolver, so the name is looked up once, here.
  local number, reason = posix.resolve(host)
  if not number then
    return nil, reason
  end
  local name = number:find(":", 1, true) and "[" .. number .. "]" or number
  return { host = name, port = port, credentials = credentials, database = database }
end

local function unix(rest)
  local place, query = rest:match("^([^?]*)%??(.*)$")
  local credentials, path = split(place)
  local database = query:match("^db=(%d+)$")
  if path:sub(1, 1) ~= "/" or (query ~= "" and not database) then
    return nil, "its path must begin with a slash, and only ?db= may follow"
  end
  return { host = "unix:" .. decoded(path), credentials = credentials, database = database or "" }
end

-- Returns { host, port, user, password, database }, `port` for TCP only; or nil and the reason.
function redis_address.parse(url)
  local scheme, rest = url:match("^(%l+)://(.*)$")
  local address, reason = nil, "it must begin with redis:// or unix://"
  if scheme == "redis" then
    address, reason = tcp(rest)
  elseif scheme == "unix" then
    address, reason = unix(rest)
  end
  if not address then
    return nil, reason
  end
  address.database = address.database == "" and 0 or tonumber(address.database)
  if not address.database then
    return nil, "its database is not a number"
  end
  local user, password = (address.credentials or ""):match("^([^:]*):?(.*)$")
  address.user = user ~= "" and decoded(user) or nil
  address.password = password ~= "" and decoded(password) or nil
  return address
end

return redis_address
