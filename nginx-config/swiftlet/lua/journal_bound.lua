-- The limit of all journals' bytes for nginx's workers, which can't reach the page that the pools'
-- workers share (Sources/Journals/JournalUsage.swift).
--
-- One worker of nginx walks through the directory beside its requests, some entries at a time, and
-- shares the result in a dictionary. A request reads one number, however many journals there are.
-- Between two measurements a worker writes at most a 32nd of the free room, so that up to 32
-- workers stay below the bound. Further clicks are left to the pool.

local posix = require("swiftlet.lua.posix")

local ENTRIES = 256 -- Names of a step: less than a millisecond.
local STEP, PAUSE = 0.02, 1 -- Seconds between two steps, and between two rounds.
local LOOK = 100 -- Milliseconds between two looks at what was measured.
local LONGEST_LINE = 11580

local directory, limit
local shared = ngx.shared.swiftlet_journals
local walk, sum = nil, 0
local round, left, allowance = nil, 0, 0
local looked_at

local bound = {}

function bound.configure(settings)
  directory, limit = settings.journal_dir, settings.journal_max_bytes
end

local function publish(bytes)
  shared:set("bytes", bytes)
  shared:incr("round", 1, 0)
end

-- Continues by some entries. Returns whether the round is over.
local function step()
  if not walk then
    sum = 0
    walk = posix.walk(directory)
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

-- Call it once in each of nginx's workers.
function bound.start()
  if ngx.worker.id() == 0 then
    ngx.timer.at(0, measure)
  end
end

-- Reserves bytes to be written. `now` is in milliseconds, of any clock.
--
-- Returns true; or false, with a reason if an operator must act.
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
