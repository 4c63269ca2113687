-- Redis' value for a link's name: the twin of Sources/Links/LinkRecord.swift, which has the table
-- of its forms. Tests/Examples/link-records.tsv has the examples that test both.

local LONGEST_LOCATION = 8192
-- The greatest id. LuaJIT's numbers have 53 bits, so an id stays a text of digits.
local GREATEST_ID = "9223372036854775807"
-- Of a revision and of a domain's number.
local GREATEST_NUMBER = 2147483647

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

-- Returns the number of a text of digits; nil unless it is in the one form of a number in a range.
local function number(digits, least, greatest)
  local value = digits:find("^[1-9]%d*$") and #digits <= 10 and tonumber(digits)
  return value and value >= least and value <= greatest and value or nil
end

-- Reads what stands before the blank: the id, and perhaps a revision and a domain's number. Returns
-- nil for anything else.
local function numbers(text)
  local id, revision, domain = text:match("^([1-9]%d*)(:?%d*)(@?%d*)$")
  if not id or not is_id(id) then
    return nil
  end
  if revision ~= "" and not (revision:byte(1) == 0x3A and number(revision:sub(2), 2, GREATEST_NUMBER)) then
    return nil
  end
  if domain ~= "" and not (domain:byte(1) == 0x40 and number(domain:sub(2), 1, GREATEST_NUMBER)) then
    return nil
  end
  return id, revision ~= "" and revision:sub(2) or nil, domain ~= "" and domain:sub(2) or nil
end

-- Reads a plain link's record. Returns nil for any other value, which is left to the pool: no link, a
-- disabled or deleted one, one with other terms, or anything unreadable.
--
-- The table has `destination`; `id`, the digits of the link's id if the slug doesn't tell it; `revision`
-- and `domain`, the digits of numbers that aren't 1 and 0; and `forwards`, true if the visitor's query is
-- to be added to the URL.
function link_record.parse(value)
  local mark = value:byte(1)
  if mark ~= 0x3D and mark ~= 0x2B then -- "=", "+"
    return is_location(value) and { destination = value } or nil
  end
  local head, destination = value:match("^.(%S+) (.*)$")
  local id, revision, domain = numbers(head or "")
  if id and is_location(destination) then
    return { destination = destination, id = id, revision = revision, domain = domain,
      forwards = mark == 0x2B or nil }
  end
end

return link_record
