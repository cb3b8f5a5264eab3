-- What a controller may write, and a type checker must not complain about.

local dp = require "daemonproxy"

local web = dp.service("web")
web:args { "httpd", "-p", 80 }:fds { "null", dp.fd("log.w"), "log.w" }:tags { "first", role = "web", critical = true }
web:args("httpd", "-p", "80"):auto_up(2, "always", "HUP"):auto_up():start(5):start("-")
web:signal("HUP"):signal(15, "group"):tags_apply("-role", "owner=me"):pipe({ 1, 2 }, "logger", "-t", "web"):delete()
web:tags_apply { "-old", role = "web", weight = 2, critical = true, owner = false }
print(#web.args, web.args[1], web.fds[2], web.tags.role, web.tags[1], web.triggers[1], web.auto_up_interval)
if web.exists and web.state == "down" and web.exit ~= 0 then print(web.signal_name, web.uptime) end

dp.fd("log.r"):pipe("log.w", "nonblock")
dp.fd("http"):socket({ "tcp", "listen" }, "*:80"):delete()
dp.fd("log"):open("write,append", "/var/log/web")
dp.signal("HUP"):clear():clear(2):default("shutdown")

local handler = dp.on("service.state", { name = "web" }, function(event)
  print(event.name, event.state == "down", event.exit, event.signal, event.pid)
  return false
end)
handler:off()
dp.on("signal", function(event) dp.signal(event.signal):clear(event.count) end)
dp.on("refused", function(event) print(event.where, event.text, event.error == "NoSuchService") end)
dp.on("closed", function() print("closed") end)
dp.on("*", function(event) print(event.event) end)

local ok, why = web:wait("down", 5)
if not ok then print("web does not end: " .. tostring(why)) end
print(web:stop(5), dp.sync(), dp.resync(), dp.call("service.start", "web"))

local timer = dp.every(1.5, function(this) this:cancel() end)
timer:cancel()
dp.after(1, function() dp.sleep(0.5) end)
dp.at("03:30", function() web:start(dp.now() // 1 + 5) end)
dp.trap("HUP", function(name) print(name) end):off()
dp.spawn(function(a, b) print(a, b) end, 1, 2)

local stream, reason = dp.connect("127.0.0.1:80", 2)
if stream then
  stream:write("GET / HTTP/1.0\r\n\r\n", 2)
  local line = stream:read("l", 2)
  if line then print(line:sub(1, 5)) end
  stream:close()
else
  print(reason)
end

for _, service in ipairs(dp.services()) do print(service.name) end
for _, fd in ipairs(dp.fds()) do print(fd.name, fd.type, fd.flags, fd.description) end
for _, signal in ipairs(dp.signals()) do print(signal.name, signal.count) end

dp.on("service.tags", { name = web, tags = "role=web" }, function(event) print(event.tags[1]) end)
dp.on("fd.state", { type = "pipe" }, function() end)
dp.on("signal", { signal = 15 }, function() end)
dp.on("log.filter", { level = "debug" }, function() end)
dp.on("*", { name = "web" }, function() end)
dp.on("resynced", function() end)

local exit = dp.wait_for(function() return web.exit end, 60)
if exit then print(exit + 1) end
local json = require "daemonproxy.json"
print(dp.json { services = dp.services(), none = json.null, empty = json.object {} }, json.encode "x")

local listener = assert(dp.listen "/run/status.sock")
print(listener.address)
local guest = listener:accept(5)
if guest then guest:write(dp.json(web)) end
listener:close()

local testing = require "daemonproxy.testing"
local tested, daemon = testing.new { timers = true }
daemon:answer("service.start\tweb", "service.state\tweb\tup\t5\t77\t-\t-\t0\t-")
daemon:load("web.lua", "an argument")
daemon:tell("service.tags", "web", "x", 5)
daemon:up("web", 77)
daemon:pass(1.5)
daemon:down("web", "KILL")
daemon:down("web", 3)
daemon:run("web", { gaveup = true, ready = false })
daemon:say "a word"
tested.run()
tested = daemon:kill()
print(daemon:has_printed "web", daemon.printed[1])
print(dp.service("web"):stop(5))
daemon:at(200, function(it) it:close() end)
daemon:play ">\tstatedump\n"
daemon:finish()
print(daemon:has_sent("service.start", "web"), daemon.sent[1], daemon.written[1], daemon.time, daemon.exited)
tested.run()

dp.log_filter("debug")
dp.chdir("/")
dp.terminate_shutdown(10, nil, 5)
local shutdown = dp.shutdown()
if shutdown then print(shutdown.phase, shutdown.remaining) end
dp.run()
