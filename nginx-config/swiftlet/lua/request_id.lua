-- nginx's $request_id where it lies in nginx's memory, without a Lua string made of it.
--
-- Each request has another one: as strings they would be most of what Lua has to throw away, a
-- twelfth of a redirect's time. It is the function that lua-resty-core has behind ngx.var.

local base = require("resty.core.base")
local ffi = require("ffi")
require("resty.core.var") -- It declares the function.

local C = ffi.C
local get_request = base.get_request

local NAME = "request_id"
local LENGTH = 32

local lower_case = ffi.new("char[?]", #NAME)
local value, length, message = ffi.new("char *[1]"), ffi.new("size_t[1]"), ffi.new("char *[1]")

-- Gives a pointer to 32 hexadecimal digits, good until the request ends; nil when it has none.
return function()
  local code = C.ngx_http_lua_ffi_var_get(get_request(), NAME, #NAME, lower_case, 0, value, length,
    message)
  if code ~= 0 or length[0] ~= LENGTH then
    return nil
  end
  return value[0]
end
