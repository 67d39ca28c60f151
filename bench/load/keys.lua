-- wrk -s keys.lua URL -- KEYS round-robin|zipf
-- Requests are written once; a fixed seed makes every run ask in the same order.
local requests, order, at = {}, {}, 0

function init(args)
  local keys, shape = tonumber(args[1]), args[2]
  for key = 1, keys do requests[key] = wrk.format("GET", "/item/" .. key) end
  if shape == "zipf" then
    local sums, total = {}, 0
    for key = 1, keys do
      total = total + 1 / key
      sums[key] = total
    end
    math.randomseed(42)
    for i = 1, 2 ^ 18 do
      local wanted, low, high = math.random() * total, 1, keys
      while low < high do
        local middle = math.floor((low + high) / 2)
        if sums[middle] < wanted then low = middle + 1 else high = middle end
      end
      order[i] = requests[low]
    end
  else
    order = requests
  end
end

function request()
  at = at % #order + 1
  return order[at]
end

function done(summary, latency)
  io.write(string.format(
    'RESULT {"requests":%d,"microseconds":%d,"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d,"p50":%d,"p99":%d,"max":%d}\n',
    summary.requests, summary.duration, summary.errors.connect, summary.errors.read, summary.errors.write,
    summary.errors.status, summary.errors.timeout, latency:percentile(50), latency:percentile(99), latency.max))
end
