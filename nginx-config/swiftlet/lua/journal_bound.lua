-- How many bytes all journals of the folder together may have, kept by each writer for itself:
-- the rule of Sources/Stores/Clicks/JournalBound.swift.
--
-- A writer looks at the folder once a second, and between two looks it writes no more than a 32nd
-- of what was left, so that up to 32 writers stay below the bound without a word between them.

local posix = require("swiftlet.lua.posix")

local JOURNALS = "^" .. ("[0-9a-f]"):rep(16) .. "%.ndjson$"

local folder, limit
local allowance = 0
local looked_at

local bound = {}

function bound.configure(settings)
  folder, limit = settings.journal_dir, settings.journal_max_bytes
end

-- Takes bytes to be written from what is left. `now` is in milliseconds, of any clock.
function bound.take(bytes, now)
  local age = looked_at and now - looked_at
  local pause = allowance < bytes and 100 or 1000
  if not age or age < 0 or age >= pause then
    looked_at = now
    -- A folder that can't be read is no reason to refuse: writing will tell.
    allowance = math.max(0, limit - (posix.bytes_in(folder, JOURNALS) or 0)) / 32
  end
  if allowance < bytes then
    return false
  end
  allowance = allowance - bytes
  return true
end

return bound
