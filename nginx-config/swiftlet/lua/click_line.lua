-- A click as one line of a journal: the same bytes that Sources/Clicks/Lines/BorrowedClick+Line.swift
-- writes.
--
-- The line is built in one buffer of the worker process. Browsers and referrers repeat, so their
-- escaped forms are remembered. Bytes above 0x7F are copied as they are: the reader of the line
-- replaces invalid UTF-8.

local bit = require("bit")
local ffi = require("ffi")
local memories = require("swiftlet.lua.memory")

-- The limits of the texts in bytes, as in Sources/Clicks/Lines/Click.swift.
local USER_AGENT, REFERRER = 512, 1024
local LANGUAGE = 11
-- A byte may become six (\u001f); a slug has 255 bytes at most, an address 64, an id 19.
local CAPACITY = 1024 + 6 * (USER_AGENT + REFERRER + LANGUAGE)

local START = '{"event_id":"'
local CODE = '","short_code":"'
local TIME = '","timestamp":"'
local ADDRESS_KEY = '","ip_address":"'
local USER_AGENT_KEY = '","user_agent":"'
local REFERRER_KEY = '","referrer":"'
local LINK_KEY = '","link":"'
local LANGUAGE_KEY = '","lang":"'
local FINISH = '"}\n'
-- After the texts: numbers that aren't the default.
local REVISION_KEY, DOMAIN_KEY, FLAGS_KEY = ',"rev":', ',"domain":', ',"flags":'
local QUOTE, END = '"', "}\n"

local ID = 32
local STAMP = 24 -- 2026-11-22T19:49:00.123Z

local ffi_copy = ffi.copy
local floor = math.floor
local date = os.date

local line = ffi.new("uint8_t[?]", CAPACITY)
-- The constant part of every line, up to the code, is written once.
ffi_copy(line, START .. ("0"):rep(ID) .. CODE)
local CODE_AT = #START + ID + #CODE

local stamp = ffi.new("uint8_t[?]", STAMP)
ffi_copy(stamp, "1970-01-01T00:00:00.000Z", STAMP)
local stamped_second = 0

local click_line = { buffer = line }

-- Returns how many bytes of a text fit into `limit` without cutting a character.
local function cropped(text, limit)
  local stop = limit
  while stop > limit - 3 and bit.band(text:byte(stop + 1), 0xC0) == 0x80 do
    stop = stop - 1
  end
  return stop
end

local function escape(byte)
  if byte == '"' or byte == "\\" then
    return "\\" .. byte
  end
  return ("\\u%04x"):format(byte:byte())
end

-- The content of a JSON string (RFC 8259, section 7) for each recent text.
local known_agents, known_referrers = memories.new(512), memories.new(512)

local function escaped(text, limit, known)
  local found = known:get(text)
  if not found then
    local length = #text > limit and cropped(text, limit) or #text
    found = text:sub(1, length):gsub('[%c"\\]', escape)
    if #text <= limit then
      known:put(text, found)
    end
  end
  return found
end

-- The first tag of an Accept-Language, as Sources/Visitors/AcceptLanguage.swift cuts it. No header of
-- a browser is longer than the limit of those that are remembered.
local known_languages, known_tags = memories.new(512), memories.new(512)
local LONGEST_KNOWN = 256

local function first_tag(header)
  local found = known_languages:get(header)
  if not found then
    found = escaped(header:match("^[^,;]*"):sub(1, LANGUAGE), LANGUAGE, known_tags)
    if #header <= LONGEST_KNOWN then
      known_languages:put(header, found)
    end
  end
  return found
end

local function append(at, literal)
  ffi_copy(line + at, literal, #literal)
  return at + #literal
end

-- The date is formatted once a second, the milliseconds for each line.
local function append_time(at, milliseconds)
  local second = floor(milliseconds / 1000)
  if second ~= stamped_second then
    ffi_copy(stamp, date("!%Y-%m-%dT%H:%M:%S", second), 19)
    stamped_second = second
  end
  local rest = milliseconds - second * 1000
  stamp[20] = 0x30 + floor(rest / 100)
  stamp[21] = 0x30 + floor(rest / 10) % 10
  stamp[22] = 0x30 + rest % 10
  ffi_copy(line + at, stamp, STAMP)
  return at + STAMP
end

-- Appends the numbers that aren't the default, and the line's end.
local function finish(at, revision, domain, flags)
  at = append(at, QUOTE)
  if revision then
    at = append(append(at, REVISION_KEY), revision)
  end
  if domain then
    at = append(append(at, DOMAIN_KEY), domain)
  end
  if flags then
    at = append(append(at, FLAGS_KEY), flags)
  end
  return append(at, END)
end

-- Writes a line into `click_line.buffer`.
--
-- `id` is 32 hexadecimal digits, a string or a pointer. `milliseconds` count since 1970. `address`
-- is as nginx writes it. `agent`, `referrer` and `language` (a whole Accept-Language) may be nil.
-- Of `link` it writes the slug, which needs no escaping, and as digits: its id (nil if the slug
-- tells it), its revision (nil for 1) and its domain's number (nil for 0). `flags` are digits, or
-- nil. Returns the line's length in bytes, including its line feed.
function click_line.write(id, link, milliseconds, address, agent, referrer, language, flags)
  ffi_copy(line + #START, id, ID)
  local at = append(CODE_AT, link.slug)
  at = append_time(append(at, TIME), milliseconds)
  at = append(append(at, ADDRESS_KEY), address)
  at = append(at, USER_AGENT_KEY)
  if agent then
    at = append(at, escaped(agent, USER_AGENT, known_agents))
  end
  at = append(at, REFERRER_KEY)
  if referrer then
    at = append(at, escaped(referrer, REFERRER, known_referrers))
  end
  if link.id then
    at = append(append(at, LINK_KEY), link.id)
  end
  if language then
    local tag = first_tag(language)
    if tag ~= "" then
      at = append(append(at, LANGUAGE_KEY), tag)
    end
  end
  local revision, domain = link.revision, link.domain
  if revision or domain or flags then
    return finish(at, revision, domain, flags)
  end
  return append(at, FINISH)
end

return click_line
