-- Two services with loggers, and a custom shutdown: work in progress is finished first.
--
--     daemonproxy -L clean-shutdown.lua
--
-- At SIGTERM, SIGINT or SIGQUIT only the front end gets SIGTERM, and time to finish while what it
-- works with is still running. Then the daemon stops the rest in its own order, a logger after
-- those that write to it. Whatever had to be killed is named. After a second signal nothing takes
-- longer than a second.
--
-- The status of the daemon is 0, or 10 if something had to be killed, or 11 if something outlived
-- even that.
--
-- To be changed: the services, which of them is the front end, and how long each step may take.

local dp = require "daemonproxy"

local SERVICES <const> = {
  store = { "sh", "-c", "trap 'kill $!; exit' TERM; while :; do echo stored; sleep 5 & wait; done" },
  front = { "sh", "-c", "trap 'kill $!; sleep 2; echo bye; exit' TERM; while :; do echo busy; sleep 5 & wait; done" },
}
local FRONT <const> = "front"
local DRAIN_SECONDS <const>, TERM_SECONDS <const>, KILL_SECONDS <const> = 30, 10, 5

-- A script that was restarted finds them here.
for name, args in pairs(SERVICES) do
  local service = dp.service(name)
  if not service.exists then
    local file = name .. ".log"
    service:args(args):pipe({ 1, 2 }, "sh", "-c", 'exec cat >> "$0"', file):auto_up(2, "always")
  end
end

local is_leaving = false

local function leave(signal)
  if is_leaving then
    print(signal .. " again: no more waiting")
    return dp.terminate_shutdown(1, KILL_SECONDS)
  end
  is_leaving = true
  print(signal .. ": " .. FRONT .. " may finish")
  local front = dp.service(FRONT)
  -- Otherwise it would come back, or only start now.
  front:auto_up()
  if front.state == "start" then dp.call("service.start", FRONT, "-") end
  -- If it has just ended by itself, that is as good.
  dp.call("service.signal", FRONT, "TERM")
  if front.state == "up" and not front:wait("down", DRAIN_SECONDS) then
    -- The daemon takes over from here, so that its status includes this.
    print(FRONT .. " has not finished in " .. DRAIN_SECONDS .. " seconds")
  end
  dp.terminate_shutdown(TERM_SECONDS, KILL_SECONDS)
end

dp.on("service.state", { state = "down", signal = "SIGKILL" }, function(event)
  if is_leaving then print(event.name .. " had to be killed") end
end)

dp.on("terminate.state", function(event) print(event.phase .. ": " .. event.remaining .. " left") end)

-- Last of all the daemon stops this script, which by then has heard of everything else.
dp.trap("TERM", function()
  dp.sync()
  os.exit(0)
end)

-- Signals are not cleared: if this script dies halfway, the next one finds them here and goes on.
for _, name in ipairs { "SIGTERM", "SIGINT", "SIGQUIT" } do
  dp.on("signal", { signal = name }, function() leave(name) end)
  if dp.signal(name).count > 0 then dp.spawn(leave, name) end
end
