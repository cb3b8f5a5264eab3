-- Waiting for whatever a script can check.

local where = require "daemonproxy.where"

local condition = {}

function condition.new(session)
  local loop, io = session.loop, session.io
  local self = {}

  --- Waits until fn() returns something true, and returns that; or nil, "timeout" or nil, "closed".
  --- fn is called as soon as what was sent before has taken effect, and then after each event and
  --- each timer, so that a brief state is noticed. An error in it is an error of this wait, in the
  --- coroutine that waits.
  function self.wait_for(fn, seconds)
    if type(fn) ~= "function" then where.misuse("wait_for: a function is needed, not %s", type(fn)) end
    session.check_limit("wait_for", seconds)
    local due = seconds and io.now() + seconds
    session.settle()
    while true do
      local value = fn()
      if value then return value end
      local left = due and due - io.now()
      if left and left <= 0 then return nil, "timeout" end
      local _, why = session.pause(loop.until_something_happens(), left)
      if why == "closed" then return nil, why end
    end
  end

  return self
end

return condition
