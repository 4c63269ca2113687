-- Writes an nginx worker's clicks into the journals' directory, by the protocol of
-- Sources/Journals/ClickJournal.swift. So the relay treats it like any other writer.
--
-- A journal is one file with a random name that one process writes, from creation to end, under a
-- lock. A click is one line by one write(2), before its redirect is answered. A click that can't be
-- written here is not dropped: the pool answers, and records the click or counts the drop.

local ffi = require("ffi")
local bound = require("swiftlet.lua.journal_bound")
local click_line = require("swiftlet.lua.click_line")
local posix = require("swiftlet.lua.posix")

local C = ffi.C
local buffer = click_line.buffer

-- Milliseconds without a click after which the relay may have the file: a long one, and any. A
-- short one is kept; otherwise an outage of the broker would leave a file behind for every few
-- clicks.
local IDLE, LONGEST_IDLE = 10000, 3600000
local REST = 100 -- Milliseconds for which nothing is tried after a failure.

local directory, segment_bytes, long_bytes
local fd, path, length = -1, nil, 0
local recorded_at, looked_at, rests_until = 0, 0, nil
local is_failing, is_watched = false, false

local journal = {}

function journal.configure(settings)
  directory, segment_bytes = settings.journal_dir, settings.journal_segment_bytes
  long_bytes = math.min(segment_bytes / 16, settings.journal_max_bytes / 1024)
  bound.configure(settings)
end

journal.start = bound.start

local function end_journal()
  if fd < 0 then
    return
  end
  if length == 0 then
    C.unlink(path) -- Nobody else may write to it: it is still locked.
  end
  C.close(fd)
  fd, length = -1, 0
end

-- Ends the journal once clicks have stopped; there is a timer only while there is a journal.
local function close_when_idle(premature)
  is_watched = false
  if fd < 0 or premature then
    return
  end
  local idle = ngx.now() * 1000 - recorded_at
  if idle < 0 or idle >= (length >= long_bytes and IDLE or LONGEST_IDLE) then
    end_journal()
  else
    is_watched = ngx.timer.at(IDLE / 1000, close_when_idle)
  end
end

-- Creates a new file, and takes the lock that the relay respects.
local function begin_journal()
  local reason = "the relay removed each before it was locked"
  for _ = 1, 8 do
    local name, opened
    name, reason = posix.random_name()
    if name then
      path = directory .. "/" .. name .. ".ndjson"
      opened, reason = posix.create(path)
    end
    if not opened then
      return nil, reason
    end
    -- The relay may see the file before it is locked, and even remove it: then create another.
    if posix.lock(opened) and posix.is_in_place(path, opened) then
      fd, length = opened, 0
      is_watched = is_watched or ngx.timer.at(IDLE / 1000, close_when_idle)
      return true
    end
    C.close(opened)
  end
  return nil, reason
end

-- Writes one line by one write; a partial write is truncated again.
local function append(count)
  local written = tonumber(C.write(fd, buffer, count))
  if written == count then
    length = length + count
    return true
  end
  local reason = written < 0 and posix.reason() or "no space for a whole line"
  if written > 0 then
    C.ftruncate(fd, length)
  end
  return nil, reason
end

local function failed(now, reason)
  -- What the relay has published of this journal becomes free once its writer has closed it.
  end_journal()
  rests_until = now + REST
  if not is_failing then
    is_failing = true
    ngx.log(ngx.ERR, "fast path: the pool answers, since clicks can't be written to ", directory, ": ",
      reason, "; nginx's user must be able to make files there")
  end
  return false
end

-- Writes the line in `click_line.buffer`.
--
-- `now` is in milliseconds since 1970. Returns true when the line is written as a whole; false when
-- nothing of it is.
function journal.record(count, now)
  if rests_until then
    if now < rests_until and now >= rests_until - REST then
      return false
    end
    rests_until = nil
  end
  if fd >= 0 then
    local age = now - looked_at
    -- A clock that stepped is also a reason to check.
    if age < 0 or age >= 1000 then
      looked_at = now
      if not posix.is_in_place(path, fd) then
        end_journal()
      end
    end
    if length >= segment_bytes then
      end_journal()
    end
  end
  local may, why = bound.take(count, now)
  if not may then
    return why and failed(now, why) or false
  end
  local is_written, reason = fd >= 0, nil
  if not is_written then
    is_written, reason = begin_journal()
  end
  if is_written then
    is_written, reason = append(count)
  end
  if not is_written then
    return failed(now, reason)
  end
  recorded_at = now
  if is_failing then
    is_failing = false
    ngx.log(ngx.NOTICE, "fast path: clicks are written again")
  end
  return true
end

return journal
