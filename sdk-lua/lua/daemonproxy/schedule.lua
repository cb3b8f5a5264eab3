-- Starts services when their time comes.
--
--     daemonproxy-lua -e 'require("daemonproxy.schedule").run()'
--
-- Everything it goes by is in the tags of the services, and so is all that it has to remember: it
-- can be killed at any moment, and goes on where it was.
--
--     schedule=30 3 * * *         the five fields of crontab(5)
--     schedule.tz=Europe/Berlin   whose clock; else that of the machine
--     schedule.catch_up=PATH      what was missed while the machine was off is made up for, once:
--                                 in that file stands when it was last started
--     schedule.due=SECONDS        written by this module: when it is due next, as in os.time
--     schedule.skipped=N          likewise: how often it was not started, because it still ran, or
--                                 nobody was there
--
-- A service that an operator has stopped stays stopped.

local dp = require "daemonproxy"

local schedule = {}

-- A start that is later than this was missed: the machine was asleep, or nobody was there.
local LATE <const> = 120

local function say(name, format, ...) print(string.format("schedule: %s " .. format, name, ...)) end

-- When it is due next, after that moment; or nil and why not.
local function next_time(service, after)
  local tags = service.tags
  return require("daemonproxy.host").next_time(tags.schedule, tags["schedule.tz"], after)
end

local function skip(service, why)
  local skipped = tonumber(service.tags["schedule.skipped"] or 0) or 0
  service:tags_apply { ["schedule.skipped"] = skipped + 1 }
  say(service.name, "is not started: %s", why)
end

local function write_stamp(path, time)
  local file, why = io.open(path .. ".new", "w")
  local ok = file and file:write(time, "\n")
  if file then ok = file:close() and ok end
  if ok then ok, why = os.rename(path .. ".new", path) end
  if not ok then print("schedule: cannot write " .. path .. ": " .. tostring(why)) end
end

local function read_stamp(path)
  local file = io.open(path)
  if not file then return nil end
  local time = tonumber(file:read "l")
  file:close()
  return time
end

local function start(service, now)
  local run = service.run
  if run and run.held then return skip(service, "it was stopped by an operator") end
  if service.state ~= "down" then return skip(service, "it still runs") end
  local ok, why = dp.call("service.start", service.name)
  if not ok then return skip(service, why) end
  local stamp = service.tags["schedule.catch_up"]
  if stamp then write_stamp(stamp, now) end
end

-- Whether its last run began at that moment or later. (Its moments are not of the clock on the wall,
-- which only has whole seconds.)
local function has_run_since(service, due)
  local run = service.run
  return run and run.start and os.time() - (dp.now() - run.start) > due - 1
end

-- It was due at that moment, and now it is now.
local function is_due(service, due, now)
  -- We were killed when it was started, and before that was noted.
  if has_run_since(service, due) then return end
  if now - due <= LATE or service.tags["schedule.catch_up"] then
    start(service, now)
  else
    skip(service, "its time was missed, at " .. os.date("%Y-%m-%d %H:%M", due))
  end
end

-- When it is due: as it was noted, if the schedule still says so; else from now on, or from the last
-- start on, if that is to be made up for.
local function due_of(service, now)
  local noted = math.tointeger(tonumber(service.tags["schedule.due"]))
  if noted and next_time(service, noted - 1) == noted then return noted end
  local stamp = service.tags["schedule.catch_up"]
  local last = stamp and read_stamp(stamp)
  return next_time(service, last and math.min(last, now) or now)
end

local waiting = {}    -- what is planned, with its timer, by the name of the service

local plan

local function fire(name, planned, due)
  local service = dp.service(name)
  local after
  if service.exists and service.tags.schedule then
    local now = os.time()
    is_due(service, due, now)
    after = next_time(service, math.max(now, due))
  end
  -- Only now: what was noted meanwhile is told to us as well, and would plan the same moment again.
  if waiting[name] == planned then waiting[name] = nil end
  plan(name, after)
end

-- Waits for the next time of a service, if it has a schedule; for that one, if it is known already:
-- what was noted may be older.
function plan(name, after)
  local service = dp.service(name)
  local text = service.exists and service.tags.schedule
  local zone = text and service.tags["schedule.tz"]
  local known = waiting[name]
  if known and known.text == text and known.zone == zone then return end
  if known and known.timer then known.timer:cancel() end
  waiting[name] = nil
  if not text then return end
  local due, why = after, nil
  if not due then due, why = due_of(service, os.time()) end
  local planned = { text = text, zone = zone }
  waiting[name] = planned
  if not due then return say(name, "has a schedule that is wrong: %s", why) end
  if tonumber(service.tags["schedule.due"]) ~= due then service:tags_apply { ["schedule.due"] = due } end
  -- It may have been planned anew while that was noted.
  if waiting[name] ~= planned then return end
  planned.timer = dp.at(due, function() fire(name, planned, due) end)
end

--- Starts all services that have a tag `schedule=`, now and later.
function schedule.run()
  local function all() for _, service in ipairs(dp.services()) do plan(service.name) end end
  all()
  dp.on("service.tags", function(event) plan(event.name) end)
  dp.on("service.state", { state = "deleted" }, function(event) plan(event.name) end)
  dp.on("resynced", all)
  dp.run()
end

return schedule
