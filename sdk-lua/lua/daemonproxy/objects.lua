-- What services, file descriptors and signals have in common: they are live objects, which show
-- what is known at the moment they are asked, and there can be one for a name that does not exist.
-- There is one object for each name.

local commands = require "daemonproxy.commands"
local near = require "daemonproxy.near"
local where = require "daemonproxy.where"

local objects = {}

--- A class: `getters` are what can be read, `methods` what can be called besides the commands about
--- this kind. Returns the function that makes an object from a name.
function objects.class(session, kind, getters, methods)
  local class = {}
  local known = setmetatable({}, { __mode = "v" })

  local function check(self, method)
    if getmetatable(self) ~= class then
      where.misuse("%s is a method: call it with a colon, as in :%s()", method, method)
    end
  end

  for method, command in pairs(commands.about(kind)) do
    methods[method] = methods[method] or function(self, ...)
      check(self, method)
      session.send(command, self.name, ...)
      return self
    end
  end

  function class.__index(self, key)
    local method = methods[key]
    if method then return method end
    local getter = getters[key]
    if getter then return getter(self) end
    local all = {}
    for _, known_here in ipairs { methods, getters } do
      for name in pairs(known_here) do all[name] = true end
    end
    return where.misuse("a %s has no %s%s", kind, tostring(key), near.hint(key, all))
  end

  function class.__newindex(_, key)
    where.misuse("%s of a %s cannot be set: use a method", tostring(key), kind)
  end

  function class.__tostring(self) return kind .. " " .. self.name end
  class.__name = "daemonproxy." .. kind

  --- What is known about it so far, for json.lua.
  function class.__known(self)
    local values = { name = self.name }
    for key, getter in pairs(getters) do values[key] = getter(self) end
    return values
  end

  return function(name)
    local object = known[name]
    if not object then
      object = setmetatable({ name = name }, class)
      known[name] = object
    end
    return object
  end, check
end

--- The name of a service or of a file descriptor, or misuse.
function objects.name(what, name)
  if type(name) ~= "string" or #name > 31 or not string.find(name, "^[%w._-]+$") then
    where.misuse("%s: %s is no name: that has 1 to 31 characters out of A-Z a-z 0-9 . _ -", what, tostring(name))
  end
  return name
end

return objects
