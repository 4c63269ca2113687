-- Asks for codes bench1 … benchN with Zipf popularity: the k-th most popular has 1/k of the first's
-- share. The sequence is drawn before the clock starts. Argument: N.
local seed = 1

function setup(thread)
  thread:set("seed", seed)
  seed = seed + 1
end

function init(args)
  math.randomseed(seed * 7919 + os.time())
  local links, sum, cumulated = tonumber(args[1]), 0, {}
  for k = 1, links do
    sum = sum + 1 / k
    cumulated[k] = sum
  end
  requests, count, turn = {}, 100000, 0
  for i = 1, count do
    local wanted, low, high = math.random() * sum, 1, links
    while low < high do
      local middle = math.floor((low + high) / 2)
      if cumulated[middle] < wanted then low = middle + 1 else high = middle end
    end
    requests[i] = wrk.format("GET", "/bench" .. low)
  end
end

function request()
  turn = turn % count + 1
  return requests[turn]
end
