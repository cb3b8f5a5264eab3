-- The loop: it passes on what it reads, and resumes whoever waits when what they wait for is there.
--
-- The whole script runs in coroutines from a pool, which are reused when a call has ended. A wait
-- in one of them lets the others run. A wait somewhere else (the main chunk under a plain Lua, or
-- inside a C function such as table.sort, which no coroutine can leave) runs the loop until the
-- wait is over.
--
-- When the events have ended every wait ends with nil, "closed", and so does the first that begins
-- after that. The second never returns, so that even a script which does not check ends.

local failures = require "daemonproxy.failures"
local timers = require "daemonproxy.timers"
local where = require "daemonproxy.where"

local create, resume, yield, running = coroutine.create, coroutine.resume, coroutine.yield, coroutine.running
local isyieldable = coroutine.isyieldable
local stderr = io.stderr

-- How many coroutines are kept for the next call.
local MAX_IDLE <const> = 64
-- How many events are taken before the timers are checked again.
local BATCH <const> = 64

-- What a coroutine yields when its function has ended, and when it waits. Anything else is for
-- somebody else.
local ENDED <const>, WAITS <const> = {}, {}
local LOST <const> = "coroutine.yield, where nobody resumes: only a coroutine that the script has made can yield. \z
  To wait, use dp.sleep or another wait"

local function body(fn, ...)
  return body(yield(ENDED, fn(...)))
end

-- The text of an error value, which may be anything, even something whose conversion fails.
local function text_of(value)
  local ok, text = pcall(tostring, value)
  if ok then return text end
  return string.format("(error object is a %s value, and has no text: %s)", type(value),
    type(text) == "string" and text or type(text))
end

local loop = {}

--- A loop over an I/O interface. It passes what it receives to take(kind, …).
function loop.new(io, take)
  local self = { is_closed = false, is_stopped = false }
  local receive, now = io.receive, io.now
  local traceback, program = io.traceback or where.traceback, io.program or "daemonproxy-lua"
  local heap = timers.new()
  local main = {}                    -- stands for what runs outside of our coroutines
  local current = main
  local idle, idle_count = {}, 0
  local ready, first, last = {}, 1, 0    -- coroutines to go on with
  local waiting, waited = {}, 0
  local watching = {}                -- who waits for anything at all to happen
  local unlooked = 0                 -- events since the timers were looked at

  --- What runs: a table in which others keep what they know about it. It is emptied when that ends,
  --- after on_end(it).
  function self.current() return current end
  self.on_end = function() end

  --- Called once, before the next wait.
  self.on_begin = nil

  local function failed(task, value)
    local message = where.only_the_script(traceback(task.co, text_of(value)))
    coroutine.close(task.co)
    if task.on_error then task.on_error(message) else self.tell_error(task.what, message) end
  end

  --- Writes to standard error, after the name of the program.
  function self.complain(text)
    -- In one piece: others write there, too.
    stderr:write(program .. ": " .. text .. "\n")
  end

  local told = failures.new(now, function(text) self.complain(text) end)
  --- Reports an error in `what`, a message with its traceback; more briefly if it is repeated.
  self.tell_error = told.tell

  local function ended(task)
    if task.commands then self.on_end(task) end
    task.told = nil
  end

  -- What became of a coroutine that ran: whether its function has ended, and what that returned.
  local function left(task, outer, ok, word, value)
    current = outer
    if not ok then
      failed(task, word)
      ended(task)
      return true
    end
    if word ~= ENDED then
      if word == WAITS then return false end
      failed(task, LOST)
      ended(task)
      return true
    end
    ended(task)
    task.on_error = nil
    if idle_count < MAX_IDLE then
      idle_count = idle_count + 1
      idle[idle_count] = task
    end
    return true, value
  end

  local function unused()
    if idle_count == 0 then return { co = create(body) } end
    local task = idle[idle_count]
    idle[idle_count] = nil
    idle_count = idle_count - 1
    return task
  end

  --- Runs a function in a coroutine until it ends or waits. Returns whether it has ended, and its
  --- value.
  function self.run(what, fn, ...)
    local task = unused()
    task.what = what
    local outer = current
    current = task
    return left(task, outer, resume(task.co, fn, ...))
  end

  --- The same; if it fails only on_error is called.
  function self.run_watched(on_error, fn, ...)
    local task = unused()
    task.on_error = on_error
    local outer = current
    current = task
    return left(task, outer, resume(task.co, fn, ...))
  end

  local function run_ready()
    while first <= last do
      local task = ready[first]
      ready[first] = nil
      first = first + 1
      local outer = current
      current = task
      left(task, outer, resume(task.co))
    end
    first, last = 1, 0
  end

  -- Whether a yield reaches us: not in a C function, nor in a coroutine that the script made
  -- itself.
  local function can_yield()
    return current ~= main and isyieldable() and running() == current.co
  end

  --- Ends a wait, which then returns these values.
  local function wake(waiter, a, b, c)
    if waiter.woken then return end
    waiter.woken, waiter.a, waiter.b, waiter.c = true, a, b, c
    waiting[waiter] = nil
    if waiter.timer then heap:remove(waiter.timer) end
    if waiter.task then
      last = last + 1
      ready[last] = waiter.task
    end
  end
  self.wake = wake

  --- A waiter that is woken after the next event, or the next timer.
  function self.until_something_happens()
    local waiter = {}
    watching[#watching + 1] = waiter
    return waiter
  end

  local function something_happened()
    if not watching[1] then return end
    local waiters = watching
    watching = {}
    for _, waiter in ipairs(waiters) do wake(waiter, true) end
  end

  --- The waiters that are the keys of a table, in the order in which they began to wait.
  function self.oldest_first(waiters)
    local all = {}
    for waiter in pairs(waiters) do all[#all + 1] = waiter end
    table.sort(all, function(a, b) return (a.nth or math.huge) < (b.nth or math.huge) end)
    return all
  end

  local function time_is_up(waiter) wake(waiter, nil, "timeout") end

  --- The script is set up, and waits.
  local function begin()
    local fn = self.on_begin
    self.on_begin = nil
    if fn then fn() end
  end
  self.begin = begin

  --- Waits until somebody wakes this waiter, which is a fresh table; returns what wake was given.
  function self.wait(waiter, seconds)
    begin()
    if waiter.woken then return waiter.a, waiter.b, waiter.c end
    local who = current
    if self.is_closed then
      if who.told then
        if not can_yield() then error("the events have ended: there is nothing to wait for", 0) end
        yield(WAITS)    -- for good
      end
      who.told = true
      return nil, "closed"
    end
    if seconds then waiter.timer = heap:add(now() + seconds, time_is_up, waiter) end
    waiting[waiter] = true
    waited = waited + 1
    waiter.nth = waited
    if can_yield() then
      waiter.task = who
      yield(WAITS)
    else
      while not waiter.woken do self.step() end
    end
    if waiter.b == "closed" then who.told = true end
    return waiter.a, waiter.b, waiter.c
  end

  --- Calls fn(a) after this many seconds, from the loop itself: it must not wait.
  function self.after(seconds, fn, a)
    return heap:add(now() + seconds, fn, a)
  end

  function self.cancel(timer) heap:remove(timer) end

  -- Calls what is due. Returns how long to wait for an event: until the next timer; nil if one was
  -- called.
  local function look_at_timers()
    local time = now()
    if heap:next() > time then return heap:next() - time end
    -- Timers that are set meanwhile have their turn later.
    for _ = 1, heap.count do
      local timer = heap:pop(time)
      if not timer then break end
      timer.fn(timer.a)
      if first <= last then run_ready() end
    end
    return nil
  end

  local function close(why)
    if self.is_closed then return end
    self.is_closed = true
    take("closed", why)
    for _, waiter in ipairs(self.oldest_first(waiting)) do wake(waiter, nil, "closed") end
    run_ready()
    told.tell_rest()
  end

  --- One turn: what can go on, or what is due, or one event, or a wait for one of at most this many
  --- seconds. No more than one of these, since any of them may be what somebody outside waits for.
  --- False when there are no more events.
  function self.step(seconds)
    if first <= last then
      run_ready()
      return true
    end
    if self.is_closed then return false end
    local time = seconds
    if heap.count > 0 and unlooked > 0 then
      time = 0
    elseif heap.count > 0 then
      time = look_at_timers()
      if not time then
        -- An event in between, or timers that are always due would hold up all events.
        unlooked = 1
        something_happened()
        return true
      end
      if seconds and seconds < time then time = seconds end
    end
    local kind, a, b = receive(time)
    if kind == "event" then
      unlooked = unlooked < BATCH and unlooked + 1 or 0
      take(kind, a)
    elseif kind == "closed" then
      close(a)
    else
      unlooked = 0
      if kind ~= "idle" then take(kind, a, b) end
    end
    if first <= last then run_ready() end
    something_happened()
    return true
  end

  --- Runs until the events end, or somebody calls stop.
  function self.run_until_closed()
    begin()
    local step = self.step
    while not self.is_stopped and step() do end
    self.is_stopped = false
  end

  return self
end

return loop
