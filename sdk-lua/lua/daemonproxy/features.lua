-- What this connection has asked the daemon for, by `conn.features`.
--
-- A signal that the daemon gets does what it does by default only if nobody listens. A script
-- without handlers for signals does not count: it is an `observer`, and TERM and ^C end the daemon
-- as if it were not there. So is one whose handlers are all for signals that end nothing by
-- default, such as HUP: it still hears of them.
--
-- The client also wants to be told of `runs`, and says so before it asks for the state: the runs of
-- services are a part of that.
--
-- Of the rest, the daemon is told once the script has begun, which is when it waits for the first time or has
-- ended: until then its handlers are not known, and a signal from before should not bypass them.

-- The signals that end the daemon by default.
local ENDING <const> = { "SIGTERM", "SIGINT", "SIGQUIT" }

local features = {}

--- `on_signal` is what the host was told that signals do instead; `listens(name)` says whether
--- there is a handler for this signal, and send(fields, on_back) sends.
function features.new(on_signal, listens, send)
  local self = {
    is_observer = false,    -- the daemon has confirmed it
  }
  local has_begun, is_known = false, true
  local sent = false        -- whether `observer` is what was sent last
  local wants_runs = false
  local asked = {}          -- what else the script has asked for
  local is_asked_for = false    -- the script wants to be an observer, whatever its handlers are

  local ending = {}
  for _, name in ipairs(ENDING) do ending[name] = true end
  for name in pairs(on_signal or {}) do ending[name] = true end

  local function observes()
    if is_asked_for then return true end
    for name in pairs(ending) do
      if listens(name) then return false end
    end
    return true
  end

  -- The fields of the command.
  local function fields(is_observer)
    local list = table.move(asked, 1, #asked, 2, { "conn.features" })
    if is_observer then list[#list + 1] = "observer" end
    if wants_runs then list[#list + 1] = "runs" end
    return list
  end

  local function tell()
    send(fields(sent), function(entry)
      -- A daemon of protocol 1 does not know the command, and there everybody is a listener.
      if entry.refused then is_known = false end
    end)
  end

  --- The handlers have changed, or the script has begun.
  function self.update()
    if not has_begun or not is_known then return end
    local now = observes()
    if now == sent then return end
    sent = now
    tell()
  end

  --- From now on the daemon tells of runs.
  function self.want_runs()
    wants_runs = true
    tell()
  end

  --- The script has said what it listens to.
  function self.begin()
    has_begun = true
    self.update()
  end

  --- What to send for the command as the script gives it. The script need not mention `observer`,
  --- but may want it.
  function self.of_script(list)
    asked, is_asked_for = {}, false
    for at = 2, #list do
      if list[at] == "observer" then is_asked_for = true
      elseif list[at] ~= "runs" or not wants_runs then asked[#asked + 1] = list[at] end
    end
    sent = is_asked_for or has_begun and observes()
    return fields(sent)
  end

  --- The daemon says what is in force.
  function self.told(event)
    self.is_observer = false
    for _, name in ipairs(event.features) do
      if name == "observer" then self.is_observer = true end
    end
  end

  return self
end

return features
