-- Where a request leads: what this worker was told within HOT_CACHE_MS, what another worker of this
-- nginx was told, then Redis.
--
-- The memory is the worker's own, as in the pool's processes (Sources/Lookup/HotLinks.swift):
-- one table look-up, where the dictionary that all workers share takes a lock and copies. The key is
-- the request's target as it came, so that a hot link's slug need not be taken out of it again.
--
-- Only the slug as written is looked up here. The pool looks for the one without what follows a link.

local clock = require("swiftlet.lua.clock")
local link_record = require("swiftlet.lua.link_record")
local memories = require("swiftlet.lua.memory")
local redis = require("swiftlet.lua.redis")

local floor = math.floor

local LONGEST_SLUG = 255
local LONGEST_URL = 512 -- A longer one is not kept, so that the memory has its bound in bytes, too.

local lifetime
local memory = memories.new(32768)
local shared = ngx.shared.swiftlet_links

local links = {}

function links.configure(settings)
  lifetime = settings.hot_cache_ms
  redis.configure(settings)
end

-- The twin of Slug.isSlug.
local function is_slug(text)
  return #text <= LONGEST_SLUG and text:find("^[0-9A-Za-z._~-]*[0-9A-Za-z][._~-]?$") ~= nil
end

-- The slug that a target names, its bytes as they came, whatever its query; nil when it isn't one.
local function slug_of(target)
  local slug = target:match("^/([^?]*)")
  return slug and is_slug(slug) and slug or nil
end

-- What is remembered of a record until a moment; one without a destination is the pool's.
local function entry_of(slug, record, stop)
  local destination, id = link_record.parse(record)
  return { slug = slug, destination = destination, id = id, stop = stop }
end

local function remember(entry, record)
  if lifetime > 0 and (not entry.destination or #entry.destination <= LONGEST_URL) then
    local target = "/" .. entry.slug
    memory:put(target, entry)
    shared:set(target, entry.destination and record or "", lifetime / 1000, floor(entry.stop / 1000))
  end
end

-- What is shared says in seconds of the same clock when it stops to be good: so nothing is good for
-- longer because it was handed on.
local function recall_shared(target, now)
  local record, seconds = shared:get(target)
  if not record or now >= (seconds or 0) * 1000 then
    return nil
  end
  local entry = entry_of(target:sub(2), record, seconds * 1000)
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

-- Returns what is remembered of a target as it came; nil if that is nothing.
--
-- It has `destination`, nil when the pool must decide; `slug`; and `id`, the digits of the link's id if
-- the slug doesn't tell it.
function links.recall(target)
  return fresh(target, clock.milliseconds())
end

-- Returns the same by memory or Redis; nil if the pool must decide. The second result is true if Redis
-- has answered that it has nothing.
function links.find(target)
  local slug = slug_of(target)
  if not slug then
    return nil
  end
  local now = clock.milliseconds()
  local entry = fresh("/" .. slug, now)
  if entry then
    return entry
  end
  local record = redis.get("short_url:" .. slug)
  if not record then
    return nil, record == false
  end
  entry = entry_of(slug, record, now + lifetime)
  remember(entry, record)
  return entry
end

return links
