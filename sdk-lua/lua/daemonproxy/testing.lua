-- A daemon that is a table, and a clock that only moves when everybody waits: for tests of the client that need no
-- process and take no time.

local line = require "daemonproxy.line"
local check = require "daemonproxy.check"

local fake = {}

--- A controller of its own, and the daemon that it talks to. `options` go into the I/O interface.
function fake.new(options)
  local daemon = { sent = {}, answers = {}, written = {}, time = 100 }
  local queue, first, last = {}, 1, 0
  local io = { name = "fake", timers = true, sockets = false, signals = true, parse_event = line.parse_event }
  io.check_command = check.command

  -- What the client reads next; a line as the daemon would write it.
  function daemon.tell(text)
    local event, why = line.parse_event(text)
    if event then daemon.put("event", event) else daemon.put("garbage", text, why) end
  end

  function daemon.put(...)
    last = last + 1
    queue[last] = { ... }
  end

  -- No more events.
  function daemon.close() daemon.put("closed") end

  -- Lines to be told when this command comes, before its echo.
  function daemon.answer(command, ...) daemon.answers[command] = { ... } end

  -- What happens once nothing else is left to do, at this time.
  local plans = {}
  function daemon.at(time, fn)
    plans[#plans + 1] = { time = time, fn = fn }
    table.sort(plans, function(a, b) return a.time < b.time end)
  end

  function io.now() return daemon.time end

  function io.receive(seconds)
    local next = queue[first]
    if next then
      if next[1] ~= "closed" then
        queue[first] = nil
        first = first + 1
      end
      return table.unpack(next)
    end
    local plan = plans[1]
    local until_plan = plan and plan.time - daemon.time
    if seconds and (not plan or seconds < until_plan) then
      daemon.time = daemon.time + seconds
      return "idle"
    end
    if not plan then error("everybody waits, and nothing will ever come", 0) end
    table.remove(plans, 1)
    daemon.time = math.max(daemon.time, plan.time)
    plan.fn()
    return "idle"
  end

  function io.send(...)
    local text = table.concat({ ... }, "\t")
    if daemon.has_no_room and daemon.has_no_room(text) then return nil, "there is no room" end
    local word = string.match(text, "^echo\t(.*)$")
    if word then
      if not daemon.is_silent then daemon.tell(word) end
      return true
    end
    daemon.sent[#daemon.sent + 1] = text
    for _, answer in ipairs(daemon.answers[text] or {}) do daemon.tell(answer) end
    return true
  end

  function io.trap() return true end

  for key, value in pairs(options or {}) do io[key] = value end
  package.loaded["daemonproxy"], package.loaded["daemonproxy.controller"] = nil, nil
  package.loaded["daemonproxy.host"], package.loaded["daemonproxy.start"] = nil, nil
  package.preload["daemonproxy.host"] = function() return io end
  local dp = require "daemonproxy.controller"
  -- What would go to standard error.
  function dp.session.loop.complain(text) daemon.written[#daemon.written + 1] = text end
  return dp, daemon
end

return fake
