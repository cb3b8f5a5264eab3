-- File descriptors that the daemon holds under names.

local objects = require "daemonproxy.objects"

local fd = {}

function fd.new(session)
  local view = session.view

  local function of_state(key)
    return function(self)
      local state = view.fd(self.name)
      return state and state[key]
    end
  end

  local getters = { flags = of_state("flags"), description = of_state("description") }
  function getters.type(self)
    local state = view.fd(self.name)
    return state and state.type or "deleted"
  end
  function getters.exists(self) return view.fd(self.name) ~= nil end

  local make = objects.class(session, "fd", getters, {})
  local self = {}

  --- The file descriptor of this name, whether it exists or not.
  function self.fd(name) return make(objects.name("fd", name)) end

  --- All of them, sorted by name.
  function self.fds()
    local all = {}
    for at, name in ipairs(view.fd_names()) do all[at] = make(name) end
    return all
  end

  return self
end

return fd
