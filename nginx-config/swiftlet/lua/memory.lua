-- A table of bounded size that forgets entries that were not stored lately.
--
-- It has two generations: when the young one is full it becomes the old one, and the old entries
-- are dropped. A look-up is one or two look-ups in Lua's own tables, and moves nothing.

local memory = {}
memory.__index = memory

-- `size` is the number of entries of one generation.
function memory.new(size)
  return setmetatable({ size = size, count = 0, young = {}, old = {} }, memory)
end

function memory:get(key)
  return self.young[key] or self.old[key]
end

function memory:put(key, value)
  if not self.young[key] then
    if self.count >= self.size then
      self.young, self.old, self.count = {}, self.young, 0
    end
    self.count = self.count + 1
  end
  self.young[key] = value
end

return memory
