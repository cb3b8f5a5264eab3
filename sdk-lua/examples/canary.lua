-- Keeps web servers up, and restarts one that runs but does not answer.
--
--     daemonproxy -L canary.lua
--
-- Every few seconds it asks each of them for a page. If that fails several times in a row, the
-- server is stopped and started again: at once the first time, then after a pause that grows as
-- long as nothing helps. The daemon restarts one that ends by itself.
--
-- To be changed: the times, and SERVERS. `address` may be the path of a unix socket, too, and `fds`
-- names the descriptors 0, 1, 2 and so on of a server.

local dp = require "daemonproxy"

local SERVERS <const> = {
  web = { args = { "python3", "-m", "http.server", "8000" }, address = "127.0.0.1:8000", path = "/" },
}
local EVERY <const>, TIMEOUT <const>, FAILURES <const> = 10, 3, 3
local FIRST_PAUSE <const>, LONGEST_PAUSE <const>, TERM_SECONDS <const> = 1, 60, 10

-- True if it answers with a page; nil and what is wrong.
local function ask(server)
  local due = dp.now() + TIMEOUT
  local function left() return math.max(0, due - dp.now()) end
  local stream <close>, why = dp.connect(server.address, left())
  if not stream then return nil, "no connection: " .. why end
  local ok
  ok, why = stream:write("GET " .. server.path .. " HTTP/1.0\r\nHost: localhost\r\n\r\n", left())
  local answer
  if ok then answer, why = stream:read("l", left()) end
  if not answer then return nil, "no answer: " .. why end
  if not string.find(answer, "^HTTP/1%.%d [23]%d%d") then return nil, "it says " .. answer:gsub("%c", "") end
  return true
end

local function watch(name, server)
  local service = dp.service(name)
  local failures, pause, pid = 0, 0, nil
  while dp.sleep(EVERY) and not dp.shutdown() do
    -- A fresh process has not failed yet.
    if service.pid ~= pid then failures, pid = 0, service.pid end
    local ok, why = ask(server)
    if service.state ~= "up" or service.pid ~= pid then
      -- It has ended meanwhile: the answer is useless, and the daemon starts it again.
      failures = 0
    elseif ok then
      failures, pause = 0, 0
    else
      failures = failures + 1
      print(string.format("canary: %s is not well (%d of %d): %s", name, failures, FAILURES, why))
      if failures == FAILURES then
        print(string.format("canary: %s is started again in %g seconds", name, pause))
        service:stop(TERM_SECONDS)
        dp.sleep(pause)
        pause = math.min(math.max(2 * pause, FIRST_PAUSE), LONGEST_PAUSE)
        service:start()
      end
    end
  end
end

-- A controller that was restarted finds its services running, and `release` undoes a stop by its
-- predecessor.
for name, server in pairs(SERVERS) do
  dp.service(name):args(server.args):fds(server.fds or { "null", "stderr", "stderr" }):auto_up(1, "always"):release()
  dp.spawn(watch, name, server)
end
