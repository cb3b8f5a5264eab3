-- Sleeping, and functions that are called later.
--
-- `after` and `every` use timers like the daemon's, with seconds of a clock that nobody can set.
-- `at` is about the time of day, so it checks that at least once a minute: the clock may be set, or
-- the machine may sleep.

local where = require "daemonproxy.where"

local LOOK_AGAIN <const> = 60

local clock = {}

--- The time (os.time) that "HH:MM" or "HH:MM:SS" comes next; nil if it says something else.
function clock.next(text, now)
  local hour, minute, second = string.match(text, "^(%d%d?):(%d%d)(.*)$")
  second = second == "" and "0" or second and string.match(second, "^:(%d%d)$")
  hour, minute, second = tonumber(hour), tonumber(minute), tonumber(second)
  if not (hour and minute and second) or hour > 23 or minute > 59 or second > 59 then return nil end
  local day = os.date("*t", now)
  local function on(days_later)
    return os.time {
      year = day.year, month = day.month, day = day.day + days_later, hour = hour, min = minute, sec = second,
    }
  end
  local today = on(0)
  return today > now and today or on(1)
end

local function callable(what, fn)
  if type(fn) ~= "function" then where.misuse("%s: a function is needed, not %s", what, type(fn)) end
end

function clock.new(session)
  local loop = session.loop
  local self = {}

  -- What can be cancelled. `timer` is the one that it is waiting for.
  local function handle()
    local timer = {}
    function timer.cancel()
      timer.is_cancelled = true
      if timer.now then loop.cancel(timer.now) end
    end
    return timer
  end

  --- The seconds of CLOCK_MONOTONIC, which the daemon uses, too: svc:start(dp.now() // 1 + 5).
  function self.now()
    session.check_clock("now")
    return session.io.now()
  end

  --- Waits this many seconds.
  function self.sleep(value)
    where.seconds("sleep", value)
    session.check_clock("sleep")
    local ok, why = session.pause({}, value)
    if why == "timeout" then return true end
    return ok, why
  end

  --- Calls a function after this many seconds.
  function self.after(value, fn)
    where.seconds("after", value)
    callable("after", fn)
    session.check_clock("after")
    local timer = handle()
    timer.now = loop.after(value, function() loop.run("a function called by after", fn) end)
    return timer
  end

  --- Calls a function at this interval, in seconds. One that takes longer is not called again
  --- before it has ended.
  function self.every(value, fn)
    if where.seconds("every", value) == 0 then where.misuse("every: more than 0 seconds are needed") end
    callable("every", fn)
    session.check_clock("every")
    local timer = handle()
    local is_running = false
    local due = session.io.now() + value

    local function tick()
      due = math.max(due + value, session.io.now())
      if not is_running then
        is_running = true
        loop.run_watched(function(message)
          is_running = false
          loop.tell_error("a function called by every", message)
        end, function()
          fn(timer)
          is_running = false
        end)
      end
      if not timer.is_cancelled then timer.now = loop.after(math.max(0, due - session.io.now()), tick) end
    end

    timer.now = loop.after(value, tick)
    return timer
  end

  --- Calls a function at a time: what os.time gives, or "HH:MM" or "HH:MM:SS" for the next such
  --- moment.
  function self.at(time, fn)
    callable("at", fn)
    session.check_clock("at")
    local now = os.time()
    local due = type(time) == "number" and time or type(time) == "string" and clock.next(time, now)
    if not due then
      where.misuse('at: the time is that of os.time, or "HH:MM" or "HH:MM:SS", not %s', tostring(time))
    end
    local timer = handle()

    local function look()
      local left = due - os.time()
      if left > 0 then
        timer.now = loop.after(math.min(left, LOOK_AGAIN), look)
      else
        loop.run("a function called by at", fn)
      end
    end

    timer.now = loop.after(math.min(math.max(due - now, 0), LOOK_AGAIN), look)
    return timer
  end

  return self
end

return clock
