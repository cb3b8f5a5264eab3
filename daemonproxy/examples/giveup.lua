-- Gives up on what has failed three times in a row: daemonproxy -L giveup.lua

local dp = require "daemonproxy"

local broken = dp.service "broken"
if not broken.exists then -- or else it was set up before, and perhaps switched off since
  broken:args("sh", "-c", "sleep 1; exit 3"):auto_up(2, "always")
end

local seen, failures = {}, {}
dp.on("service.state", { state = "down" }, function(event)
  local name = event.name
  if event.pid == seen[name] or dp.shutdown() then return end -- no run has ended, or it is a shutdown
  seen[name] = event.pid
  failures[name] = event.uptime < 10 and (failures[name] or 0) + 1 or 0
  print(name .. " has ended: " .. (event.signal or "exit " .. event.exit))
  if failures[name] == 3 then
    print(name .. " does not work, I switch it off")
    dp.service(name):auto_up():start("-")
  end
end)
