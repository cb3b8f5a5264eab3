-- What a type checker must find: each line that ends in WRONG, and no other.

local dp = require "daemonproxy"

local web = dp.service(12) -- WRONG
web:sart() -- WRONG
web:wait("dwon") -- WRONG
web:wait("down", "5") -- WRONG
web:auto_up("soon", "always") -- WRONG
web:signal() -- WRONG
web:signal("HUP", "family") -- WRONG
print(web.sate) -- WRONG
print(web.pid:upper()) -- WRONG
dp.on("service.state", function(event) print(event.exitt) end) -- WRONG
dp.on("signal", { signal = "HUP" }, function(event) print(event.name) end) -- WRONG
dp.on("service.state", "web") -- WRONG
dp.on("service.state", { state = "dwn" }, function() end) -- WRONG
dp.on("service.stat", function() end) -- WRONG
dp.on("terminate.state", { phase = 1 }, function() end) -- WRONG
dp.sleeep(1) -- WRONG
dp.sleep("1") -- WRONG
dp.after("1", print) -- WRONG
dp.signal("HUP"):default("explode") -- WRONG
dp.terminate("now") -- WRONG
dp.terminate_guard("on", 1) -- WRONG
local stream = dp.connect("127.0.0.1:80")
stream:write("x") -- WRONG
dp.wait_for("up") -- WRONG
print(dp.json(web):upperr()) -- WRONG
local listener = assert(dp.listen("127.0.0.1:0"))
print(listener.adress) -- WRONG
local _, daemon = require("daemonproxy.testing").new()
daemon:pass("a minute") -- WRONG
