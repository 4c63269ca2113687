-- Where a request leads: what this worker was told within HOT_CACHE_MS, what another worker of this
-- nginx was told, then Redis.
--
-- The memory is the worker's own, as in the pool's processes (Sources/Lookup/HotLinks.swift):
-- one table look-up, where the dictionary that all workers share takes a lock and copies. The key is
-- the request's target as it came, so that a hot link's slug need not be taken out of it again.
--
-- An entry of either is good while generations.lua says so: until its link has changed.
--
-- Only the slug as written is looked up here. The pool looks for the one without what follows a link.

local clock = require("swiftlet.lua.clock")
local generations = require("swiftlet.lua.generations")
local link_record = require("swiftlet.lua.link_record")
local memories = require("swiftlet.lua.memory")
local redis = require("swiftlet.lua.redis")

local LONGEST_SLUG = 255
local LONGEST_URL = 512 -- A longer one is not kept, so that the memory has its bound in bytes, too.
-- Milliseconds for which the pool is asked without Redis: a name that had no link may have one soon.
local LONGEST_POOLS = 500

local lifetime
local memory = memories.new(32768)
local shared = ngx.shared.swiftlet_links

local links = {}

function links.configure(settings)
  lifetime = settings.hot_cache_ms
  redis.configure(settings)
  if lifetime > 0 then
    generations.configure(settings)
  end
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

-- What is known of a link by a record that was asked for at a moment, `begin`, when the link's slot had
-- a generation. Without a destination it is the pool's.
local function entry_of(slug, record, begin, generation)
  local destination, id = link_record.parse(record)
  return {
    slug = slug,
    destination = destination,
    id = id,
    slot = generations.slot(slug),
    generation = generation,
    begin = begin,
    stop = begin + (destination and lifetime or math.min(lifetime, LONGEST_POOLS)),
  }
end

local function is_good(entry, now)
  return now < entry.stop and generations.is_current(entry, now)
end

local function remember(entry, record, now)
  local rest = entry.stop - now
  if rest > 0 and (not entry.destination or #entry.destination <= LONGEST_URL) then
    local target = "/" .. entry.slug
    memory:put(target, entry)
    local kept = entry.destination and record or ""
    shared:set(target, entry.begin .. " " .. entry.generation .. " " .. kept, rest / 1000)
  end
end

-- What is shared has the moment and the generation of the worker that asked Redis: so nothing is good
-- for longer because it was handed on.
local function recall_shared(target, now)
  local value = shared:get(target)
  if not value then
    return nil
  end
  local begin, generation, record = value:match("^(%d+) (%d+) (.*)$")
  if not begin then
    return nil -- As a release before had it, until nginx is started anew.
  end
  local entry = entry_of(target:sub(2), record, tonumber(begin), tonumber(generation))
  if not is_good(entry, now) then
    return nil
  end
  memory:put(target, entry)
  return entry
end

local function recall(target, now)
  local entry = memory:get(target)
  if entry and is_good(entry, now) then
    return entry
  end
  return recall_shared(target, now)
end

-- Returns what is remembered of a target as it came; nil if that is nothing.
--
-- It has `destination`, nil when the pool must decide; `slug`; and `id`, the digits of the link's id if
-- the slug doesn't tell it.
function links.recall(target)
  return recall(target, clock.milliseconds())
end

-- Returns the same by memory or Redis; nil if the pool must decide. The second result is true if Redis
-- has answered that it has nothing.
function links.find(target)
  local slug = slug_of(target)
  if not slug then
    return nil
  end
  local now = clock.milliseconds()
  local entry = recall("/" .. slug, now)
  if entry then
    return entry
  end
  -- Before Redis is asked: a change that comes meanwhile makes the entry another generation's.
  local generation = generations.read(generations.slot(slug), now)
  local record = redis.get("short_url:" .. slug)
  if not record or link_record.is_lease(record) then
    return nil, record ~= nil
  end
  entry = entry_of(slug, record, now, generation)
  remember(entry, record, clock.milliseconds())
  return entry
end

return links
