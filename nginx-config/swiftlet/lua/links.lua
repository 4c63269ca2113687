-- Where a code leads: what this worker was told within HOT_CACHE_MS, then Redis.
--
-- The memory is the worker's own, as in the pool's processes (Sources/Stores/Links/HotLinks.swift):
-- one table look-up, where a dictionary shared by all workers would take a lock and copy. It has two
-- generations: when the young one is full it becomes the old one, and what was old is forgotten.

local clock = require("swiftlet.lua.clock")
local redis = require("swiftlet.lua.redis")

local GENERATION = 8192 -- Entries.
local LONGEST = 512 -- A longer URL is not kept, so that the memory has its bound in bytes, too.

local lifetime
local young, old, count = {}, {}, 0

local links = {}

function links.configure(settings)
  lifetime = settings.hot_cache_ms
  redis.configure(settings)
end

local function remember(code, destination, now)
  if lifetime == 0 or (destination and #destination > LONGEST) then
    return
  end
  local entry = young[code]
  if not entry then
    if count >= GENERATION then
      young, old, count = {}, young, 0
    end
    entry = {}
    young[code] = entry
    count = count + 1
  end
  entry.destination = destination
  entry.stop = now + lifetime
end

-- Gives the URL; nil when the pool must be asked, be it that there is no link or that this is
-- not known.
function links.find(code)
  local now = clock.milliseconds()
  local entry = young[code] or old[code]
  if entry and now < entry.stop then
    return entry.destination
  end
  local value = redis.get("short_url:" .. code)
  if not value then
    return nil
  end
  -- An empty value says that there is no link. What could break out of a header never gets in.
  local destination = value ~= "" and not value:find("%c") and value or nil
  remember(code, destination, now)
  return destination
end

return links
