-- A controller to be tested by testing_test.lua: it keeps a web server up, gives up on one that
-- ends too soon, and reports once a minute.

local dp = require "daemonproxy"
local limits = require "limits"

local web = dp.service "web"
if not web.exists then web:args { "httpd" }:auto_up(2, "always") end

local failures = 0
dp.on("service.state", { name = "web", state = "down" }, function(event)
  if dp.shutdown() or not event.pid then return end
  failures = event.uptime < limits.SHORT and failures + 1 or 0
  if failures == limits.FAILURES then
    web:auto_up():tags "given-up"
    os.exit(3)
  end
end)

dp.every(60, function() dp.echo("web has been", web.state, web.uptime) end)

dp.run()
