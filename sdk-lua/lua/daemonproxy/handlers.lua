-- Who wants to hear about what. Handlers of an event are called in the order in which they were
-- set, each in its own coroutine; one that returns `false` before it waits for anything keeps the
-- event from those after it. Handlers of "*" come last.
--
-- Handlers may set and remove handlers: one that was removed is not called any more, a new one
-- hears of the next event.

local filters = require "daemonproxy.filters"
local where = require "daemonproxy.where"

local fits = filters.fits
local handlers = {}

function handlers.new(run)
  local self = {}
  local by_event = {}

  --- Called when handlers of this event have been set or removed.
  self.on_change = function() end

  -- A new list each time: somebody may be iterating over the old one.
  local function change(event, added, removed)
    local list = {}
    for _, handler in ipairs(by_event[event] or list) do
      if handler ~= removed then list[#list + 1] = handler end
    end
    list[#list + 1] = added
    by_event[event] = list[1] and list or nil
    self.on_change(event)
  end

  --- Sets a handler: on(event, fn) or on(event, filter, fn). Returns it, to be removed with :off().
  function self.on(event, filter, fn)
    if fn == nil then filter, fn = nil, filter end
    filters.check_event(event)
    if type(fn) ~= "function" then where.misuse("on: a function is needed for %s", event) end
    if filter ~= nil and type(filter) ~= "table" then
      where.misuse("on: what is to be compared is a table, such as {name = \"web\"}")
    end
    local handler = { event = event, fn = fn, filter = filter and filters.new(event, filter), is_on = true }
    handler.what = "a handler of " .. event
    function handler.off()
      if not handler.is_on then return end
      handler.is_on = false
      change(event, nil, handler)
    end
    change(event, handler)
    return handler
  end

  --- Whether anybody wants to hear about it at all.
  function self.has(event) return by_event[event] ~= nil or by_event["*"] ~= nil end

  --- Whether there is a handler of signals that would be called for this one. Handlers of "*" only
  --- watch.
  function self.listens(name)
    for _, handler in ipairs(by_event.signal or {}) do
      if not handler.filter or filters.may_fit(handler.filter, "signal", name) then return true end
    end
    return false
  end

  -- Calls these; returns whether the event goes on to others, and whether it was for any of them.
  local function call(list, event)
    local was_for_one = false
    for at = 1, #list do
      local handler = list[at]
      if handler.is_on and (not handler.filter or fits(event, handler.filter)) then
        was_for_one = true
        local ended, value = run(handler.what, handler.fn, event)
        if ended and value == false then return false, true end
      end
    end
    return true, was_for_one
  end

  --- Calls all handlers of the event called `name`. Returns whether there was one.
  function self.publish(name, event)
    local list, all = by_event[name], by_event["*"]
    local goes_on, was_heard = true, false
    if list then goes_on, was_heard = call(list, event) end
    if not all or not goes_on then return was_heard end
    local _, by_all = call(all, event)
    return was_heard or by_all
  end

  return self
end

return handlers
