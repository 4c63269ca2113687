-- Redis' value for a link's name: the twin of Sources/Links/LinkRecord.swift, which has the table
-- of its forms. Tests/Examples/link-records.tsv has the examples that test both.

local LONGEST_LOCATION = 8192
-- The greatest id. LuaJIT's numbers have 53 bits, so an id stays a text of digits.
local GREATEST_ID = "9223372036854775807"

local link_record = {}

-- The twin of DestinationURL(stored:).
local function is_location(value)
  return #value <= LONGEST_LOCATION and value:find("^[hH][tT][tT][pP][sS]?://[!-~]*$") ~= nil
end

-- Texts without leading zeros: of two with the same length, the later in order is the greater
-- number.
local function is_id(digits)
  return #digits < #GREATEST_ID or #digits == #GREATEST_ID and digits <= GREATEST_ID
end

-- Returns whether a value is a lease: a look-up worker is reading the link.
function link_record.is_lease(value)
  return value:byte(1) == 0x3F and value:find("^%?" .. ("[0-9a-f]"):rep(16) .. "$") ~= nil -- "?"
end

-- Returns the URL of a plain link, and the digits of its id if the slug doesn't tell it. Returns
-- nil for any other value, which is left to the pool: no link, a disabled or deleted one, one with
-- rules, or anything unreadable.
function link_record.parse(value)
  if value:byte(1) ~= 0x3D then -- "="
    return is_location(value) and value or nil
  end
  local id, destination = value:match("^=([1-9]%d*) (.*)$")
  if id and is_id(id) and is_location(destination) then
    return destination, id
  end
end

return link_record
