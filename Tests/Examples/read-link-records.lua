-- Reads the examples of the file TABLE and writes a line for each to `output`: the id or "-", a tab and
-- the URL; "lease"; nothing for what is the pool's to read.

local link_record = require("swiftlet.lua.link_record")

local function bytes(field)
  local repeated = field:gsub("{(.)%*(%d+)}", function(character, count)
    return character:rep(tonumber(count))
  end)
  return (repeated:gsub("\\x(%x%x)", function(digits)
    return string.char(tonumber(digits, 16))
  end))
end

for line in io.lines(TABLE) do
  if line:sub(1, 1) ~= "#" then
    local value = bytes(line:match("^[^\t]*"))
    local destination, id = link_record.parse(value)
    local reading = destination and (id or "-") .. "\t" .. destination
    output:write(reading or link_record.is_lease(value) and "lease" or "", "\n")
  end
end
