-- Checks services again and again, and restarts those that fail.
--
--     daemonproxy-lua -e 'require("daemonproxy.health").run()'
--
-- Everything it goes by is in the tags of the services, and so is all that it has to remember: it
-- can be killed at any moment, and goes on where it was.
--
--     health=http://HOST:PORT/PATH   a GET must be answered with a status from 200 to 399
--     health=tcp:HOST:PORT           somebody must accept a connection
--     health=service:NAME            that service is started, and must succeed
--     health.every=SECONDS           from one check to the next (10), a tenth more or less by chance
--     health.within=SECONDS          how long a check may take (2)
--     health.failures=N              after so many failures in a row it is restarted (3)
--
-- and what this module writes there itself:
--
--     health.failed=N                how many failures in a row there were by now
--     health.found=TEXT              what the last check that failed had found
--     health.restarted=N TEXT        the Nth start of the service is the one that it ended last, and why
--
-- With the option `ready=control`, a service is ready when the first check after its start succeeds.
-- Names of hosts are looked up in /etc/hosts, and nowhere else.

local dp = require "daemonproxy"
local hosts = require "daemonproxy.hosts"

local health = {}

-- What the tags mean that are not there.
local EVERY <const>, WITHIN <const>, FAILURES <const> = 10, 2, 3
-- How long after its start a service is first checked, and how often until it is ready.
local FIRST <const> = 1

local function positive(text, otherwise)
  local value = tonumber(text)
  return value and value > 0 and value < math.huge and value or otherwise
end

-- One connection; `use` is what is done with it, and by when.
local function connected(address, within, use)
  local deadline = dp.now() + within
  local stream, why = dp.connect(address, within)
  if not stream then return nil, why end
  local ok, what
  if use then ok, what = use(stream, function() return math.max(deadline - dp.now(), 0) end) else ok = true end
  stream:close()
  return ok, what
end

local function http(host, port, path)
  local request = string.format("GET %s HTTP/1.0\r\nHost: %s\r\nUser-Agent: daemonproxy\r\n\r\n", path, host)
  return function(within)
    local address, unknown = hosts.address(host, port)
    if not address then return nil, unknown end
    return connected(address, within, function(stream, left)
      local ok, why = stream:write(request, left())
      if not ok then return nil, why end
      local line
      line, why = stream:read("l", left())
      local status = line and string.match(line, "^HTTP/%d%.%d (%d%d%d)")
      if not status then return nil, line and "no answer of HTTP" or why or "no answer" end
      return status >= "200" and status < "400", "status " .. status
    end)
  end
end

local function tcp(host, port)
  return function(within)
    local address, unknown = hosts.address(host, port)
    if not address then return nil, unknown end
    return connected(address, within)
  end
end

local function command(name)
  return function(within)
    local service = dp.service(name)
    if not service.exists then return nil, "there is no service " .. name end
    local ok, why = dp.call("service.start", name)
    if not ok then return nil, why end
    local number = service.run and service.run.number
    ok = service:wait_for_end(number, within)
    if not ok then
      dp.call("service.stop", name, 0)
      return nil, "it takes longer than " .. within .. " seconds"
    end
    local run = service.run or {}
    return run.exit == 0, run.signal and "killed by " .. run.signal or "exit status " .. tostring(run.exit)
  end
end

--- What a tag `health=` asks for: a function that checks within so many seconds, and gives whether
--- it succeeded and what was found; or nil and what is wrong with the tag.
function health.parse(text)
  local name = string.match(text, "^service:(.+)$")
  if name then return command(name) end
  local host, port = string.match(text, "^tcp:%[?([^%]/]-)%]?:(%d+)$")
  if host then return tcp(host, port) end
  if string.find(text, "^https:") then
    return nil, "https is not spoken here: check with a command, such as curl --fail"
  end
  local authority, path = string.match(text, "^http://([^/]+)(/?.*)$")
  if not authority then return nil, "not http://HOST:PORT/PATH, tcp:HOST:PORT or service:NAME" end
  host, port = string.match(authority, "^%[?([^%]]-)%]?:(%d+)$")
  return http(host or string.match(authority, "^%[?([^%]]+)%]?$"), port or "80", path == "" and "/" or path)
end

-- What a service is to be checked by, from its tags.
local function plan_of(service)
  local tags = service.tags
  local check, why = health.parse(tags.health)
  return {
    text = tags.health,
    check = check,
    why = why,
    every = positive(tags["health.every"], EVERY),
    within = positive(tags["health.within"], WITHIN),
    failures = positive(tags["health.failures"], FAILURES),
  }
end

-- So that many that started together do not check together for ever.
local function with_jitter(seconds) return seconds * (0.9 + 0.2 * math.random()) end

-- Until it is ready it may fail: for how long is what `ready_within` says.
local function is_ready(service)
  return not service.run or service.run.ready ~= nil
end

-- How many failures there were; what the last one was, if that is not forgotten; and which start was ended.
local function remember(service, failed, found, restarted)
  service:tags_apply {
    ["health.failed"] = failed > 0 and failed or false,
    ["health.found"] = found and string.gsub(found, "%c", " ") or false,
    ["health.restarted"] = restarted,
  }
end

local reported = {}   -- by name, what was printed last of a run that is not ready yet

-- Until it is ready nothing is counted, but it is not kept secret either.
local function fails_before_ready(service, number, what)
  if service.tags["health.found"] ~= what then remember(service, positive(service.tags["health.failed"], 0), what) end
  local text = number .. " " .. what
  if reported[service.name] == text then return end
  reported[service.name] = text
  print(string.format("health: %s is not ready yet: %s", service.name, what))
end

-- One check of this run. Returns whether the run is over because of it.
local function look(service, number, plan)
  local ok, what = plan.check(plan.within)
  local run = service.run
  -- It has ended meanwhile, or was restarted: that was another one's check.
  if service.state ~= "up" or not run or run.number ~= number then return true end
  local failed = positive(service.tags["health.failed"], 0)
  if ok then
    reported[service.name] = nil
    if failed > 0 or service.tags["health.found"] then remember(service, 0) end
    -- Refused, and rightly so, if it says by itself when it is ready.
    if not is_ready(service) then dp.call("service.ready", service.name) end
    return false
  end
  what = what or "no answer"
  if not is_ready(service) then
    fails_before_ready(service, number, what)
    return false
  end
  failed = failed + 1
  print(string.format("health: %s fails, %d of %d: %s", service.name, failed, plan.failures, what))
  if failed < plan.failures then
    remember(service, failed, what)
    return false
  end
  print(string.format("health: %s is restarted", service.name))
  remember(service, 0, what, run.starts and string.format("%d %s", run.starts, string.gsub(what, "%c", " ")))
  dp.call("service.restart", service.name)
  return true
end

local watched = {}    -- the number of the run that is being checked, by name

-- Checks this run for as long as it lasts.
local function watch(name, number)
  local service = dp.service(name)
  local complained
  dp.sleep(with_jitter(FIRST))
  while watched[name] == number and service.tags.health do
    -- Read anew each time, because it may have been changed.
    local plan = plan_of(service)
    if plan.check then
      if look(service, number, plan) then break end
    elseif complained ~= plan.text then
      complained = plan.text
      print(string.format("health: %s cannot be checked: %s: %s", name, plan.text, plan.why))
    end
    dp.sleep(with_jitter(is_ready(service) and plan.every or math.min(FIRST, plan.every)))
  end
  if watched[name] == number then watched[name] = nil end
end

local function begin(name)
  local service = dp.service(name)
  local run = service.run
  if service.state ~= "up" or not run or not service.tags.health or watched[name] == run.number then return end
  watched[name] = run.number
  dp.spawn(watch, name, run.number)
end

--- Checks all services that have a tag `health=`, now and later.
function health.run()
  for _, service in ipairs(dp.services()) do begin(service.name) end
  dp.on("service.state", function(event) if event.state == "up" then begin(event.name) end end)
  dp.on("service.tags", function(event) begin(event.name) end)
  dp.on("service.run", function(event) begin(event.name) end)
  dp.on("resynced", function() for _, service in ipairs(dp.services()) do begin(service.name) end end)
  dp.run()
end

return health
