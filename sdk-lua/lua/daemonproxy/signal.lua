-- Signals that the daemon gets and counts.

local objects = require "daemonproxy.objects"
local signals = require "daemonproxy.signals"
local where = require "daemonproxy.where"

local signal = {}

function signal.new(session)
  local view = session.view
  local getters, methods = {}, {}
  local make, check

  function getters.count(self) return view.count(self.name) end

  --- Takes off this many that were dealt with; by default all that are known.
  function methods.clear(self, count)
    check(self, "clear")
    count = count or self.count
    session.send("signal.clear", self.name, count)
    return self
  end

  make, check = objects.class(session, "signal", getters, methods)
  local self = {}

  --- A signal: "HUP", "SIGHUP" or 1.
  function self.signal(name)
    local known = (type(name) == "string" or math.type(name) == "integer") and signals.name(tostring(name))
    if not known then where.misuse("signal: there is no signal %s", tostring(name)) end
    return make(known)
  end

  --- Those that are pending, sorted by name.
  function self.signals()
    local all = {}
    for at, name in ipairs(view.signal_names()) do all[at] = make(name) end
    return all
  end

  return self
end

return signal
