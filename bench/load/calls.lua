-- wrk: sends one request again and again, each time with another key; prints JSON at the end.
--   wrk -s calls.lua URL -- METHOD PATH HEADERS BODY
-- HEADERS and BODY are files; %KEY% in the path and in the body becomes a name that nobody used before.
local threads = 0
function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local method, path, body, body_has_key
local sent = 0
local headers = {}

local function read(name)
  local file = assert(io.open(name, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

function init(args)
  method, path, body = args[1], args[2], read(args[4])
  for line in io.lines(args[3]) do
    local name, value = line:match("^(%S+): (.*)$")
    headers[name] = value
  end
  body_has_key = body:find("%KEY%", 1, true) ~= nil
end

function request()
  sent = sent + 1
  local key = string.format("load-%d-%d", number, sent)
  local text = body_has_key and body:gsub("%%KEY%%", key) or body
  return wrk.format(method, (path:gsub("%%KEY%%", key)), headers, text)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"per_second":%.2f,"p50_ms":%.3f,"p99_ms":%.3f,"errors":%d}\n',
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
