-- Reads the examples of the file TABLE and writes a line for each to `output`: the id or "-", a tab, the
-- URL, and after tabs what else the table says of it; "lease"; nothing for what is the pool's to read.

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
    local link = link_record.parse(value)
    local reading = link and (link.id or "-") .. "\t" .. link.destination
    if link and (link.revision or link.domain or link.forwards) then
      reading = reading .. "\t" .. (link.revision or 1) .. "\t" .. (link.domain or 0) .. "\t"
        .. (link.forwards and "forwards" or "-")
    end
    output:write(reading or link_record.is_lease(value) and "lease" or "", "\n")
  end
end
