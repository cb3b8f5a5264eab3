-- Starts services in the order of their dependencies, each when those that it needs are ready.
--
--     daemonproxy -L dependencies.lua
--
-- A service is ready when it writes a line to its descriptor 3. Independent services start at the
-- same time; one that does not become ready is stopped and tried again. When a service dies it is
-- started again, and those that need it are stopped meanwhile, or for good (`lost = "stop"`: until
-- somebody removes their tag `stopped`). To stop one by hand, first give it the same tag, or it is
-- started again. At the end those that need others are stopped before them.
--
-- With protocol 2 the daemon does most of this by itself, with no controller: the options `ready=fd:3`
-- and `ready_within=`, the conditions `ready:NAME`, and the order of a shutdown. What it does not do
-- is what this script is for: to stop those that need a service which has died.
--
-- How the line gets here: the daemon makes a pipe. The service inherits one end, and a reader the
-- other: a separate service, which ends after the first line. Its exit status says whether that
-- line came, or only the end of the pipe. So the daemon knows all there is to know, and this script
-- loses nothing when it is restarted.
--
-- To be changed: SERVICES, and the times.

local SERVICES <const> = {
  store = { args = { "sh", "-c", "sleep 2; echo ready >&3; exec sleep 1000000" } },
  cache = { args = { "sh", "-c", "sleep 1; echo ready >&3; exec sleep 1000000" } },
  web = { needs = { "store", "cache" }, args = { "sh", "-c", "echo ready >&3; exec sleep 1000000" } },
  report = { needs = { "web" }, lost = "stop", args = { "sh", "-c", "echo ready >&3; exec sleep 1000000" } },
}
local READY_SECONDS <const>, RETRY_SECONDS <const>, TERM_SECONDS <const> = 60, 1, 10

-- In the order of need. If there is a mistake in it the script ends, and is tried again until that
-- is fixed.
local order, seen = {}, {}
local function sort(name, path)
  local why = not SERVICES[name] and "there is no such service" or seen[name] == "above" and "they need each other"
  if why then
    print("dependencies: " .. why .. ": " .. path .. name)
    os.exit(1)
  end
  if seen[name] then return end
  seen[name] = "above"
  for _, need in ipairs(SERVICES[name].needs or {}) do sort(need, path .. name .. " needs ") end
  seen[name] = "sorted"
  order[#order + 1] = name
end
for name in pairs(SERVICES) do sort(name, "") end

local dp = require "daemonproxy"

local is_leaving, is_starting, is_stopping = false, {}, {}

local function is_ready(name)
  local reader = dp.service(name .. "-ready")
  return dp.service(name).state == "up" and not is_stopping[name] and reader.state == "down" and reader.exit == 0
end

local function has_all(name)
  for _, need in ipairs(SERVICES[name].needs or {}) do
    if not is_ready(need) then return false end
  end
  return true
end

-- Starts it, unless it runs, and waits until it is ready or will not be.
local function start(name)
  local service, reader, pipe = dp.service(name), dp.service(name .. "-ready"), name .. "-ready."
  if service.state ~= "up" then
    if service.pid then dp.sleep(RETRY_SECONDS) end
    reader:stop(TERM_SECONDS)
    if is_leaving or not has_all(name) then return end
    dp.fd(pipe .. "r"):pipe(pipe .. "w")
    reader:args { "sh", "-c", "read line" }:fds { pipe .. "r", "null", "stderr" }:start()
    service:args(SERVICES[name].args):fds { "null", "stderr", "stderr", pipe .. "w" }:start()
    -- Now only the service can write: if it dies, the reader finds the end of the pipe.
    dp.fd(pipe .. "w"):delete()
  end
  local has_ended = reader:wait("down", READY_SECONDS)
  if is_ready(name) then return print("dependencies: " .. name .. " is ready") end
  print("dependencies: " .. name .. (has_ended and " has closed its descriptor 3 or died" or " does not get ready"))
  service:stop(TERM_SECONDS)
end

local function stop(name)
  print("dependencies: " .. name .. " is stopped")
  if SERVICES[name].lost == "stop" then dp.service(name):tags_apply "stopped" end
  dp.service(name):stop(TERM_SECONDS)
end

-- Does what is due now.
local function look()
  -- One of a kind at a time, and another check afterwards.
  local function once(fn, name, marks)
    if marks[name] then return end
    marks[name] = true
    dp.spawn(function()
      fn(name)
      marks[name] = nil
      look()
    end)
  end
  for _, name in ipairs(is_leaving and {} or order) do
    local service = dp.service(name)
    if service.state == "up" and not has_all(name) then once(stop, name, is_stopping)
    elseif has_all(name) and not is_ready(name) and not service.tags.stopped then once(start, name, is_starting)
    end
  end
end

local function leave()
  is_leaving = true
  for at = #order, 1, -1 do dp.service(order[at]):stop(TERM_SECONDS) end
  dp.terminate_shutdown()
end

for _, signal in ipairs { "SIGTERM", "SIGINT", "SIGQUIT" } do
  dp.on("signal", { signal = signal }, leave)
  if dp.signal(signal).count > 0 then dp.spawn(leave) end
end
dp.on("service.state", look)
dp.on("service.tags", look)
look()
