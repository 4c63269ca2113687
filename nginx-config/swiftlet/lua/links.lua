-- Where a request leads: what this worker was told within HOT_CACHE_MS, what another worker of this
-- nginx was told, then Redis.
--
-- The memory is the worker's own, as in the pool's processes (Sources/Lookup/HotLinks.swift):
-- one table look-up, where the dictionary that all workers share takes a lock and copies. The key is
-- the request's target as it came, so that a hot link's code need not be taken out of it again.

local clock = require("swiftlet.lua.clock")
local memories = require("swiftlet.lua.memory")
local redis = require("swiftlet.lua.redis")

local floor = math.floor

local LONGEST_CODE = 11 -- The Base62 of 64 bits.
local LONGEST_URL = 512 -- A longer one is not kept, so that the memory has its bound in bytes, too.

local LONGEST_LOCATION = 8192

local lifetime
local memory = memories.new(32768)
local shared = ngx.shared.swiftlet_links

local links = {}

function links.configure(settings)
  lifetime = settings.hot_cache_ms
  redis.configure(settings)
end

-- The code that a target names, its bytes as they came, whatever its query; nil when it isn't one.
local function code_of(target)
  local code = target:match("^/([0-9A-Za-z]+)$") or target:match("^/([0-9A-Za-z]+)%?")
  return code and #code <= LONGEST_CODE and code or nil
end

local function remember(code, destination, now)
  if lifetime > 0 and (not destination or #destination <= LONGEST_URL) then
    local target, stop = "/" .. code, now + lifetime
    memory:put(target, { code = code, destination = destination, stop = stop })
    shared:set(target, destination or "", lifetime / 1000, floor(stop / 1000))
  end
end

-- What is shared says in seconds of the same clock when it stops to be good: so nothing is good for
-- longer because it was handed on.
local function recall_shared(target, now)
  local destination, seconds = shared:get(target)
  if not destination or now >= (seconds or 0) * 1000 then
    return nil
  end
  local entry = {
    code = target:sub(2),
    destination = destination ~= "" and destination or nil,
    stop = seconds * 1000,
  }
  memory:put(target, entry)
  return entry
end

local function fresh(target, now)
  local entry = memory:get(target)
  if entry and now < entry.stop then
    return entry
  end
  return recall_shared(target, now)
end

-- The twin of DestinationURL(stored:).
local function is_location(value)
  return #value <= LONGEST_LOCATION and value:find("^[hH][tT][tT][pP][sS]?://[!-~]*$") ~= nil
end

-- Returns URL and code from memory; nil if the target, as it came, is not there.
function links.recall(target)
  local entry = fresh(target, clock.milliseconds())
  if entry then
    return entry.destination, entry.code
  end
end

-- Returns URL and code; nil if the pool must decide (no such link, or unknown here). The third result
-- is true if Redis has answered that it has nothing.
function links.find(target)
  local code = code_of(target)
  if not code then
    return nil
  end
  local now = clock.milliseconds()
  local entry = fresh("/" .. code, now)
  if entry then
    return entry.destination, code
  end
  local value = redis.get("short_url:" .. code)
  if not value then
    return nil, code, value == false
  end
  -- An empty value says that there is no link. The pool decides about what can't be a Location.
  local destination = is_location(value) and value or nil
  remember(code, destination, now)
  return destination, code
end

return links
