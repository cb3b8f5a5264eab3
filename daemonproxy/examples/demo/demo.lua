-- What `make demo` runs: a web server, its logger, and an accident that befalls the web server. It
-- is `daemonproxy -L demo.lua`; the environment has DEMO_PORT, DEMO_DIR and DEMO_SECONDS, see
-- run.py.

local dp = require "daemonproxy"

local ADDRESS <const> = "127.0.0.1:" .. os.getenv "DEMO_PORT"
local SECONDS <const> = assert(tonumber(os.getenv "DEMO_SECONDS"))
-- How long anything may take before the demo has failed.
local PATIENCE <const> = 20
local begin <const> = dp.now()

local fetched, is_ending = 0, false

local function say(who, text)
  print(string.format("%6.2f  %-8s %s", dp.now() - begin, who, text))
end

local function narrate(text) say("", text) end

-- Begins the orderly shutdown, once.
local function finish(outcome, text)
  if is_ending then return end
  is_ending = true
  narrate(text)
  local file <close> = assert(io.open(os.getenv "DEMO_DIR" .. "/outcome", "w"))
  file:write(outcome, " ", fetched)
  dp.terminate_shutdown()
end

-- Reads the page, as soon as somebody listens.
local function fetch()
  local until_then = dp.now() + PATIENCE
  while dp.now() < until_then do
    local connection = dp.connect(ADDRESS, PATIENCE)
    if connection then
      connection:write("GET / HTTP/1.1\r\nHost: " .. ADDRESS .. "\r\nConnection: close\r\n\r\n")
      local answer = connection:read("a", PATIENCE) or ""
      connection:close()
      local status, page = answer:match "^HTTP/%S+ ([^\r]*)\r\n.-\r\n\r\n(.*)$"
      assert(status == "200 OK", "the web server does not answer as it should")
      fetched = fetched + 1
      say("fetch", string.format("http://%s/ answers %s, %d bytes", ADDRESS, status, #page))
      return
    end
    dp.sleep(0.05)
  end
  error("nobody answers at " .. ADDRESS)
end

-- What happens is shown as it comes.
dp.on("service.state", function(event)
  if event.state == "up" then
    say(event.name, "up, as process " .. event.pid)
  elseif event.state == "start" then
    say(event.name, "is going to be started")
  elseif event.signal then
    say(event.name, "down: killed by " .. event.signal .. " after " .. event.uptime .. " s")
  elseif event.exit then
    say(event.name, "down: exited with status " .. event.exit .. " after " .. event.uptime .. " s")
  end
end)
dp.on("terminate.state", function(event)
  say("daemon", event.phase .. ", " .. event.remaining .. " still running")
end)
dp.on("signal", function(event)
  if event.signal ~= "SIGHUP" then finish("interrupted", event.signal .. ": ending early.") end
end)

-- A web server, for this machine only. Whatever it prints goes through a pipe into a logger. The daemon holds the
-- pipe, so that nothing is lost when one of the two ends and is started again.
local web = dp.service "web"
web:args("sh", "-c", 'exec python3 -u -m http.server --bind 127.0.0.1 --directory www "$DEMO_PORT"')
web:pipe({ 1, 2 }, "sh", "-c", 'exec ../logger.sh web "$DEMO_DIR/web.log"')
web:auto_up(1, "always")

local function story()
  narrate "A web server, its logger and this script are run by daemonproxy. Is it there?"
  fetch()
  dp.sleep(math.min(2, SECONDS / 5))
  if is_ending then return end
  narrate("Now an accident: kill -9 " .. web.pid .. ". It comes back by itself, because of its auto_up.")
  web:signal "KILL"
  assert(web:wait("down", PATIENCE))
  assert(web:wait("up", PATIENCE))
  fetch()
  narrate(string.format("It is back. The demo ends after %g s; ^C ends it sooner.", SECONDS))
  dp.sleep(math.max(0, begin + SECONDS - dp.now()))
  finish("complete", "That is all: terminate.shutdown stops who writes first, and who reads last.")
end

local well, problem = pcall(story)
if not well then finish("failed", "This demo has failed: " .. problem) end
