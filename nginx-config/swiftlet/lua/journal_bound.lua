-- How many bytes all journals together may have, for nginx's workers, who can't reach the page that
-- the pools' workers share (Sources/Journals/JournalUsage.swift).
--
-- One worker of nginx walks through the directory beside its requests, some names at a time, and
-- tells the others by a shared dictionary. A request reads a number, whatever lies there. Between two
-- measurements a worker writes no more than a 32nd of what was left, so that up to 32 workers stay
-- below the bound; what it may not write is the pool's.

local posix = require("swiftlet.lua.posix")

local ENTRIES = 256 -- Names of a step: less than a millisecond.
local STEP, PAUSE = 0.02, 1 -- Seconds between two steps, and between two rounds.
local LOOK = 100 -- Milliseconds between two looks at what was measured.
local LONGEST_LINE = 11386

local folder, limit
local shared = ngx.shared.swiftlet_journals
local walk, sum = nil, 0
local round, left, allowance = nil, 0, 0
local looked_at

local bound = {}

function bound.configure(settings)
  folder, limit = settings.journal_dir, settings.journal_max_bytes
end

local function publish(bytes)
  shared:set("bytes", bytes)
  shared:incr("round", 1, 0)
end

-- Goes on by some names. Gives whether the round is over.
local function step()
  if not walk then
    sum = 0
    walk = posix.walk(folder)
    if not walk then
      publish(0) -- A directory that can't be read is no reason to refuse: writing will tell.
      return true
    end
  end
  local bytes, is_over = walk(ENTRIES)
  sum = sum + bytes
  if is_over then
    walk = nil
    publish(sum)
  end
  return is_over
end

local function measure(premature)
  if premature then
    return
  end
  local is_over = step()
  local is_set, reason = ngx.timer.at(is_over and PAUSE or STEP, measure)
  if not is_set then
    ngx.log(ngx.ERR, "fast path: the journals are measured no more: ", reason)
  end
end

-- To be called once in each of nginx's workers.
function bound.start()
  if ngx.worker.id() == 0 then
    ngx.timer.at(0, measure)
  end
end

-- Takes bytes to be written from what is left. `now` is in milliseconds, of any clock.
--
-- Gives true; or false, with the reason if somebody must act.
function bound.take(bytes, now)
  local age = looked_at and now - looked_at
  if not age or age < 0 or age >= LOOK then
    looked_at = now
    local latest = shared:get("round")
    if latest and latest ~= round then
      round = latest
      left = math.max(0, limit - (shared:get("bytes") or 0))
      allowance = left / 32
    end
  end
  if allowance >= bytes then
    allowance = allowance - bytes
    return true
  end
  return false, round and left / 32 < LONGEST_LINE and "JOURNAL_MAX_BYTES is reached" or nil
end

return bound
