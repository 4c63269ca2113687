-- nginx's $request_id, in place in nginx's memory, without a Lua string.
--
-- Each request has another id. As strings they would be most of Lua's garbage, a twelfth of a
-- redirect's time. The function is the one that lua-resty-core uses behind ngx.var.

local base = require("resty.core.base")
local ffi = require("ffi")
require("resty.core.var") -- It declares the function.

local C = ffi.C
local get_request = base.get_request

local NAME = "request_id"
local LENGTH = 32

local lower_case = ffi.new("char[?]", #NAME)
local value, length, message = ffi.new("char *[1]"), ffi.new("size_t[1]"), ffi.new("char *[1]")

-- Returns a pointer to 32 hexadecimal digits, valid until the request ends; nil when there is none.
return function()
  local code = C.ngx_http_lua_ffi_var_get(get_request(), NAME, #NAME, lower_case, 0, value, length,
    message)
  if code ~= 0 or length[0] ~= LENGTH then
    return nil
  end
  return value[0]
end
