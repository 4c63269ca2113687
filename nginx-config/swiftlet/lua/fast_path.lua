-- Redirects without the pool: nginx knows the destination, writes the click and answers.
--
-- The pool answers everything else: an unknown code, another method, a failing Redis, a journal
-- that can't be written. When Redis has answered that it has nothing, a look-up worker is asked at
-- once. A click is either written and answered here, or handed on unwritten.

local click_journal = require("swiftlet.lua.click_journal")
local click_line = require("swiftlet.lua.click_line")
local links = require("swiftlet.lua.links")
local request_id = require("swiftlet.lua.request_id")

local ngx = ngx
local var = ngx.var
local get_method, now = ngx.req.get_method, ngx.now
local band, floor = require("bit").band, math.floor

-- A path of two segments is not handled here: nginx finds the pool for it. The pool reads the
-- request line as it came.
local POOL = "/.pool/"
local LOOKUP = "@lookup"

local fast_path = {}

-- Call it once at nginx's start. It raises an error for an invalid setting.
function fast_path.configure(settings)
  click_journal.configure(settings)
  links.configure(settings)
end

-- Call it once at the start of each of nginx's workers.
fast_path.start = click_journal.start

-- The bit of a click's flags for a visitor of whom nothing is written but the user agent.
local ANONYMOUS = 2

-- Returns whether the click is written. `flags` are its digits, or nil.
local function record(link, flags)
  local id = request_id()
  if not id then
    return false
  end
  local milliseconds = floor(now() * 1000 + 0.5)
  local count
  if flags and band(tonumber(flags), ANONYMOUS) ~= 0 then
    count = click_line.write(id, link, milliseconds, "", var.http_user_agent, nil, nil, flags)
  else
    count = click_line.write(id, link, milliseconds, var.remote_addr,
      var.http_user_agent, var.http_referer, var.http_accept_language, flags)
  end
  return click_journal.record(count, milliseconds)
end

-- Returns whether the request is a click, and the digits of its flags if it has any: the twin of
-- Sources/Redirects/Visitor/Request+Click.swift.
local function counting()
  if get_method() == "HEAD" then
    return false
  end
  local visit = var.swiftlet_visit
  if visit and visit ~= "" then
    return visit ~= "0", visit
  end
  return var.swiftlet_prefetch ~= "1"
end

-- Returns the destination of a request if it may be answered so: its click is written.
local function answered(link)
  if link and link.destination then
    local is_click, flags = counting()
    if not is_click or record(link, flags) then
      return link.destination
    end
  end
end

-- Links of other domains are the pool's.
local function is_redirect()
  local method = get_method()
  local host = var.swiftlet_host
  return (method == "GET" or method == "HEAD") and (not host or host == "")
end

-- Returns the URL of a remembered link, for nginx to answer with; nil leaves the request to
-- `serve`. It must not wait: nginx runs it without a coroutine.
function fast_path.remembered()
  return is_redirect() and answered(links.recall(var.request_uri)) or nil
end

-- Answers a request by Redis' record, or hands it on to the pool.
function fast_path.serve()
  if not is_redirect() then
    return ngx.exec(POOL)
  end
  local link, is_absent = links.find(var.request_uri)
  local destination = answered(link)
  if destination then
    return ngx.redirect(destination, 301)
  end
  return ngx.exec(is_absent and LOOKUP or POOL)
end

return fast_path
