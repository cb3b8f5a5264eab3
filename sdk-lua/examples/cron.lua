-- Runs programs when their time has come, each as a service.
--
--     daemonproxy -L cron.lua
--
-- What and when is in cron-jobs.lua, next to this file. On SIGHUP it is read again; if it is wrong,
-- the script says so and keeps the old table. A program that is still running when its time comes
-- is left alone: nothing runs twice at the same time. A time that the machine has slept through is
-- skipped. What a program writes goes where the daemon's own messages go.
--
-- To be changed: cron-jobs.lua; and in this file, what happens when a program fails (`failed`).

local dp = require "daemonproxy"
local crontab = require "crontab"

local FILE <const> = (string.match(arg[0] or "", "^.*/") or "") .. "cron-jobs.lua"

-- Services with this tag come from the table.
local TAG <const> = "cron"

local jobs, timers = {}, {}

local function failed(name, how)
  print(string.format("cron: %s failed: %s", name, how))
end

local function run(job)
  local service = dp.service(job.name)
  if service.state ~= "down" then return print("cron: " .. job.name .. " still runs, and is not started again") end
  service:start()
  local ok, why = dp.sync()
  if not ok then failed(job.name, why) end
end

-- Checks an entry, and says what is wrong with it.
local function check(job, known)
  if type(job) ~= "table" or not pcall(dp.service, job.name) then return "an entry needs a name for its service" end
  local service = dp.service(job.name)
  if known[job.name] then return job.name .. " is there twice" end
  if service.exists and not service.tags[TAG] then return job.name .. " is a service that does something else" end
  if type(job.args) ~= "table" or not job.args[1] then return job.name .. " has no args" end
  if type(job.when) == "number" and job.when > 0 then return nil end
  local hour, minute = string.match(tostring(job.when), "^(%d%d?):(%d%d)$")
  local fits, why = crontab.parse(hour and minute .. " " .. hour .. " * * *" or tostring(job.when))
  job.fits = fits
  return why and job.name .. ": " .. why
end

-- The entries by name; or nil and why not.
local function read()
  local chunk, why = loadfile(FILE, "t", {})
  if not chunk then return nil, why end
  local ok, list = pcall(chunk)
  if not ok or type(list) ~= "table" then return nil, ok and FILE .. " gives no table" or list end
  local new = {}
  for _, job in ipairs(list) do
    why = check(job, new)
    if why then return nil, why end
    new[job.name] = job
  end
  return new
end

local function load_jobs()
  local new, why = read()
  if not new then return print("cron: the table is wrong, and not used: " .. why) end
  for _, timer in ipairs(timers) do timer:cancel() end
  jobs, timers = new, {}
  for _, service in ipairs(dp.services()) do
    if service.tags[TAG] and not jobs[service.name] and service.state == "down" then service:delete() end
  end
  for name, job in pairs(jobs) do
    dp.service(name):tags { TAG }:args(job.args):fds { "null", "stderr", "stderr" }
    if not job.fits then timers[#timers + 1] = dp.every(job.when, function() run(job) end) end
  end
  print "cron: the table is read"
end

local function each_minute()
  dp.at((os.time() // 60 + 1) * 60, function()
    local now = os.date("*t") --[[@as table]]
    for _, job in pairs(jobs) do
      if job.fits and job.fits(now) then dp.spawn(run, job) end
    end
    each_minute()
  end)
end

dp.on("service.state", { state = "down" }, function(event)
  local service = dp.service(event.name)
  -- During a shutdown, that is not a failure.
  if not event.pid or not service.tags[TAG] or dp.shutdown() then return end
  if event.exit ~= 0 then failed(event.name, event.signal or "exit status " .. event.exit) end
  if not jobs[event.name] then service:delete() end
end)

dp.on("signal", { signal = "HUP" }, function(event)
  dp.signal("HUP"):clear(event.count)
  load_jobs()
end)

load_jobs()
each_minute()
