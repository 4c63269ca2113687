-- Stops a worker from asking a dead engine again and again: the rule of
-- Sources/Sessions/CircuitBreaker.swift.
--
-- After a failure no request is sent for a while; then one request tries. The pause doubles with
-- each failure in a row, and half of it is random. Times are milliseconds of one clock that never
-- steps.

local SHORTEST, LONGEST = 200, 1000

local breaker = {}
breaker.__index = breaker

function breaker.new()
  return setmetatable({ failures = 0, reopens_at = 0 }, breaker)
end

-- Returns whether a request may ask; after a failure only one at a time may.
function breaker:allows(now)
  if self.failures == 0 then
    return true
  end
  if now < self.reopens_at then
    return false
  end
  self.reopens_at = now + SHORTEST
  return true
end

-- Returns whether it is the first failure in a row.
function breaker:failed(now)
  local pause = math.min(LONGEST, SHORTEST * 2 ^ math.min(self.failures, 16))
  self.failures = self.failures + 1
  self.reopens_at = now + pause / 2 + math.random() * pause / 2
  return self.failures == 1
end

-- Returns whether there was a failure before.
function breaker:succeeded()
  local was_failing = self.failures > 0
  self.failures = 0
  return was_failing
end

return breaker
