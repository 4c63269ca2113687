-- nginx's own clock that never steps, read once in each turn of its event loop.

local ffi = require("ffi")

ffi.cdef [[
  extern volatile uintptr_t ngx_current_msec;
]]

local C = ffi.C

local clock = {}

function clock.milliseconds()
  return tonumber(C.ngx_current_msec)
end

return clock
