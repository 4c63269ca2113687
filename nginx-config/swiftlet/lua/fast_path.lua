-- Redirects without the pool: nginx knows where the link leads, writes the click and answers.
--
-- Whatever is not known here for sure, or can't be written, is the pool's: an unknown code, another
-- method, a Redis that fails, a journal that can't be written. A click is either written here and
-- answered here, or handed on unwritten.

local click_journal = require("swiftlet.lua.click_journal")
local click_line = require("swiftlet.lua.click_line")
local links = require("swiftlet.lua.links")
local request_id = require("swiftlet.lua.request_id")

local ngx = ngx
local var, header = ngx.var, ngx.header
local get_method, now = ngx.req.get_method, ngx.now
local floor = math.floor

-- A location of ours that is not the fast path's: nginx finds the pool there. The pool reads the
-- request line as it came.
local POOL = "/.pool"

local cache_control

local fast_path = {}

-- To be called once at nginx's start. Raises an error for a setting that can't be read.
function fast_path.configure(settings)
  cache_control = "private, max-age=" .. settings.redirect_max_age
  click_journal.configure(settings)
  links.configure(settings)
end

-- Gives whether the click is written.
local function record(code)
  local id = request_id()
  if not id then
    return false
  end
  local milliseconds = floor(now() * 1000 + 0.5)
  local count = click_line.write(id, code, milliseconds, var.remote_addr,
    var.http_user_agent, var.http_referer)
  return click_journal.record(count, milliseconds)
end

-- Answers a request, or hands it on to the pool.
function fast_path.serve()
  local method = get_method()
  if method == "GET" or method == "HEAD" then
    local destination, code = links.find(var.request_uri)
    if destination and (method == "HEAD" or record(code)) then
      ngx.status = 301
      header["Location"] = destination
      header["Cache-Control"] = cache_control
      header["Content-Length"] = 0
      return
    end
  end
  return ngx.exec(POOL)
end

return fast_path
