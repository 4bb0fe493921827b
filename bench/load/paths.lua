-- wrk: asks for the paths in a file, one a line; each thread starts at another line. Prints JSON at the end.
--   wrk -s paths.lua URL -- FILE [PAUSE]
-- Each connection waits PAUSE milliseconds between an answer and its next request.
local threads = 0
function setup(thread)
  thread:set("start", threads * 7919)
  threads = threads + 1
end

local requests = {}
local at = 0
function init(args)
  for path in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("GET", path)
  end
  at = start % #requests
  if args[2] then
    delay = function()
      return tonumber(args[2])
    end
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"per_second":%.2f,"p50_ms":%.3f,"p99_ms":%.3f,"errors":%d}\n',
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
