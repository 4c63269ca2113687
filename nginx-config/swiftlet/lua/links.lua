-- Finds the destination of a request: in this worker's memory, in the memory that nginx's workers
-- share, then in Redis.
--
-- The worker's own memory works as in the pool's processes (Sources/Lookup/HotLinks.swift): it
-- costs one table look-up, while the shared dictionary takes a lock and copies. The key is the
-- request's target as it came, so a hot link's slug is not extracted again.
--
-- An entry of either is valid while generations.lua says so: until its link has changed.
--
-- Only the slug as written is looked up here. The pool also looks up the one without the characters
-- that follow a link.

local clock = require("swiftlet.lua.clock")
local generations = require("swiftlet.lua.generations")
local link_record = require("swiftlet.lua.link_record")
local memories = require("swiftlet.lua.memory")
local redis = require("swiftlet.lua.redis")

local LONGEST_SLUG = 255
local LONGEST_URL = 512 -- A longer one is not kept, so that the memory has its bound in bytes, too.
-- Milliseconds for which the pool is asked without Redis: a name without a link may get one soon.
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
  if #text > LONGEST_SLUG or not text:find("^[0-9A-Za-z._~/-]*[0-9A-Za-z][._~-]?$") then
    return false
  end
  if text:find("/", 1, true) then
    for segment in (text .. "/"):gmatch("([^/]*)/") do
      if not segment:find("[0-9A-Za-z]") then
        return false
      end
    end
  end
  return true
end

-- Returns the slug of a target, its bytes as they came, without the query; nil when it has none.
local function slug_of(target)
  local slug = target:match("^/([^?]*)")
  return slug and is_slug(slug) and slug or nil
end

-- Returns an entry for a record that was asked for at the moment `begin`, with the slot's
-- generation of that time. An entry without a destination is left to the pool.
local function entry_of(slug, record, begin, generation)
  local entry = link_record.parse(record) or {}
  entry.slug = slug
  entry.slot = generations.slot(slug)
  entry.generation = generation
  entry.begin = begin
  entry.stop = begin + (entry.destination and lifetime or math.min(lifetime, LONGEST_POOLS))
  return entry
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

-- A shared entry has the moment and the generation of the worker that asked Redis. So sharing
-- doesn't make it valid for longer.
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

-- Returns the remembered entry of a target as it came; nil without one.
--
-- It has `destination`, nil when the pool must decide; `slug`; and what link_record.lua says of `id`,
-- `revision`, `domain` and `forwards`.
function links.recall(target)
  return recall(target, clock.milliseconds())
end

-- Whether the destination depends on the query of a target.
local function adds_query(entry, target)
  return entry.forwards and target:find("%?.") ~= nil
end

-- Returns the entry from memory or Redis; nil if the pool must decide. The second result is true if
-- Redis has answered that it has nothing.
--
-- The pool adds the visitor's query where the link wants it.
function links.find(target)
  local slug = slug_of(target)
  if not slug then
    return nil
  end
  local now = clock.milliseconds()
  local entry = recall("/" .. slug, now)
  if entry then
    return not adds_query(entry, target) and entry or nil
  end
  -- Before Redis is asked: a change in between gives the entry an old generation.
  local generation = generations.read(generations.slot(slug), now)
  local record = redis.get("short_url:" .. slug)
  if not record or link_record.is_lease(record) then
    return nil, record ~= nil
  end
  entry = entry_of(slug, record, now, generation)
  remember(entry, record, clock.milliseconds())
  return not adds_query(entry, target) and entry or nil
end

return links
