-- A click as one line of a journal: the same bytes that Sources/Clicks/Click+Line.swift writes.
--
-- The line is put together in one buffer of the worker process, without a Lua string in between.
-- Bytes above 0x7F pass as they came: the reader of the line sees to what is not UTF-8.

local ffi = require("ffi")

-- Longest texts that are kept, in bytes, as in Sources/Clicks/Click.swift.
local ADDRESS, USER_AGENT, REFERRER = 64, 512, 1024
-- A byte may become six (\u001f).
local CAPACITY = 512 + 6 * (ADDRESS + USER_AGENT + REFERRER)

local START = '{"event_id":"'
local CODE = '","short_code":"'
local TIME = '","timestamp":"'
local ADDRESS_KEY = '","ip_address":"'
local USER_AGENT_KEY = '","user_agent":"'
local REFERRER_KEY = '","referrer":"'
local FINISH = '"}\n'

local ID = 32
local STAMP = 24 -- 2026-11-22T19:49:00.123Z

local ffi_copy, ffi_cast = ffi.copy, ffi.cast
local floor, min = math.floor, math.min
local date = os.date
local bytes_type = ffi.typeof("const uint8_t *")

local line = ffi.new("uint8_t[?]", CAPACITY)
-- What is the same in every line stands there already, up to the code.
ffi_copy(line, START .. ("0"):rep(ID) .. CODE)
local CODE_AT = #START + ID + #CODE

local stamp = ffi.new("uint8_t[?]", STAMP)
ffi_copy(stamp, "1970-01-01T00:00:00.000Z", STAMP)
local stamped_second = 0

-- 1 for bytes that stand for themselves inside a JSON string.
local plain = ffi.new("uint8_t[256]")
for byte = 0, 255 do
  local is_plain = byte >= 0x20 and byte ~= 0x22 and byte ~= 0x5C and byte ~= 0x7F
  plain[byte] = is_plain and 1 or 0
end

local click_line = { buffer = line }

-- Where to cut a text that is longer than `limit` bytes, before the character that doesn't fit.
local function cropped(bytes, limit)
  local stop = limit
  while stop > limit - 3 and bytes[stop] >= 0x80 and bytes[stop] < 0xC0 do
    stop = stop - 1
  end
  return stop
end

local function escape(at, byte)
  line[at] = 0x5C
  if byte == 0x22 or byte == 0x5C then
    line[at + 1] = byte
    return at + 2
  end
  ffi_copy(line + at + 1, ("u%04x"):format(byte), 5)
  return at + 6
end

-- Puts the inside of a JSON string (RFC 8259, section 7) at a place; gives the place after it.
local function append_text(at, text, limit)
  local bytes = ffi_cast(bytes_type, text)
  local count = #text
  if count > limit then
    count = cropped(bytes, limit)
  end
  for index = 0, count - 1 do
    local byte = bytes[index]
    if plain[byte] == 1 then
      line[at] = byte
      at = at + 1
    else
      at = escape(at, byte)
    end
  end
  return at
end

local function append(at, literal)
  ffi_copy(line + at, literal, #literal)
  return at + #literal
end

-- The date is made once a second, the milliseconds are put in for each line.
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

-- Writes a line into `click_line.buffer`.
--
-- `id` has 32 hexadecimal digits, `code` is Base62, `milliseconds` are those since 1970; `agent`
-- and `referrer` may be nil. Gives the line's length in bytes, its line feed included.
function click_line.write(id, code, milliseconds, address, agent, referrer)
  ffi_copy(line + #START, id, ID)
  local at = append(CODE_AT, code)
  at = append_time(append(at, TIME), milliseconds)
  at = append_text(append(at, ADDRESS_KEY), address, ADDRESS)
  at = append(at, USER_AGENT_KEY)
  if agent then
    at = append_text(at, agent, USER_AGENT)
  end
  at = append(at, REFERRER_KEY)
  if referrer then
    at = append_text(at, referrer, REFERRER)
  end
  return append(at, FINISH)
end

return click_line
