-- Which links have changed: the twin of Sources/Lookup/GenerationTable.swift, and of the page's
-- layout in Sources/Lookup/GenerationPage.swift.
--
-- The invalidator counts the changes of links in 65 536 slots of a file, which every program of
-- this host maps. A link belongs to one slot. A remembered record is valid while its slot's counter
-- is unchanged and the invalidator's beat is fresh. The beat tells up to when all changes are
-- counted. Without a fresh beat a record is valid for half a second. The comparison makes no system
-- call.

local bit = require("bit")
local ffi = require("ffi")
local posix = require("swiftlet.lua.posix")

-- Beats are milliseconds of two clocks: `monotonic` is the clock of clock.lua.
ffi.cdef [[
  struct swiftlet_generations {
    char magic[8];
    volatile int64_t boot, monotonic;
    uint8_t rest[4072];
    volatile uint32_t counters[65536];
  };
]]

local MAGIC = "SWGENS\0\1"
local PAGE = ffi.typeof("const struct swiftlet_generations *")
local SIZE = ffi.sizeof("struct swiftlet_generations")
-- Milliseconds: the limit of a fresh beat's age, of its lead over this worker's clock, and of an
-- entry's age without a fresh beat.
local OLDEST, AHEAD, ALONE = 500, 100, 500
-- The pauses between two looks for the page, and before a missing beat is logged.
local LOOK, SILENCE = 1000, 2000

local band, bxor, rshift, tobit = bit.band, bit.bxor, bit.rshift, bit.tobit

local path, page, looked_at, problem

local generations = {}

-- Call it where links are remembered at all.
function generations.configure(settings)
  path = settings.state_dir and settings.state_dir .. "/generations"
  if not path then
    ngx.log(ngx.WARN, "fast path: the site file has no STATE_DIR, so links are remembered for half a ",
      "second only; print it again by `swiftlet site`")
  end
end

-- The slot of a link's name.
function generations.slot(name)
  local hash = 5381
  for at = 1, #name do
    hash = tobit(hash * 33 + name:byte(at))
  end
  return band(bxor(hash, rshift(hash, 16)), 0xFFFF)
end

local function age(now)
  return now - tonumber(page.monotonic)
end

-- 0 is no beat. A beat of an earlier boot may be any number.
local function is_beating(now)
  local beat = page and tonumber(page.monotonic) or 0
  return beat > 0 and beat >= now - OLDEST and beat <= now + AHEAD
end

-- Maps the file at the path instead of the present page. Returns the reason when that is no page;
-- then the old page stays.
local function open()
  local address, reason = posix.map(path, SIZE)
  if not address then
    return reason
  end
  local opened = ffi.cast(PAGE, address)
  if ffi.string(opened.magic, #MAGIC) ~= MAGIC then
    posix.unmap(address, SIZE)
    return "it is not a page of generations"
  end
  if page then
    posix.unmap(page, SIZE)
  end
  page = opened
end

-- Opens the page again while its beat is old, at most once a second. It logs one line for each
-- change of state.
local function look(now)
  if is_beating(now) then
    if problem then
      problem = nil
      ngx.log(ngx.WARN, "fast path: changes of links are heard again")
    end
    return
  end
  if not path or looked_at and now - looked_at < LOOK then
    return
  end
  looked_at = now
  local latest = open()
  if latest then
    latest = latest .. "; the invalidator makes it, and nginx's user must be able to search STATE_DIR "
      .. "(chmod o+x)"
  elseif not is_beating(now) and math.abs(age(now)) > SILENCE then
    latest = "the invalidator does not beat"
  end
  if latest and latest ~= problem then
    problem = latest
    ngx.log(ngx.ERR, "fast path: links are remembered for half a second only: ", path, ": ", latest)
  end
end

-- Returns the counter of a slot. Call it before Redis is asked: then the entry misses no change
-- that comes in between.
function generations.read(slot, now)
  look(now)
  return page and page.counters[slot] or 0
end

-- Returns whether a remembered entry is still valid, by its `slot`, `generation` and `begin`: the
-- moment before it was asked for. The beat is read before the counter, so the counter includes all
-- changes that the beat covers.
function generations.is_current(entry, now)
  local is_fresh = is_beating(now)
  return (page and page.counters[entry.slot] or 0) == entry.generation
    and (is_fresh or now < entry.begin + ALONE)
end

return generations
