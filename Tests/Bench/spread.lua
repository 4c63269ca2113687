-- Asks for PREFIX1 … PREFIXN in an order that jumps about. Arguments: PREFIX N.
local seed = 0

function setup(thread)
  thread:set("seed", seed)
  seed = seed + 1
end

function init(args)
  prefix, links = args[1], tonumber(args[2])
  turn = (os.time() * 7919 + seed * 104729) % links
end

function request()
  turn = (turn + 7368787) % links
  return wrk.format("GET", prefix .. (turn + 1))
end
