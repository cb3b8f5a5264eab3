-- How the host runs a script: its chunk in a coroutine, so that it can wait like any other, and
-- then the loop.

local dp = require "daemonproxy.controller"

--- Returns true when the events have ended or the script has called stop, false when its chunk has
--- failed.
return function(chunk, ...)
  local loop = dp.session.loop
  local has_failed = false
  loop.run_watched(function(message)
    loop.complain(message)
    has_failed = true
    dp.stop()
  end, chunk, ...)
  loop.run_until_closed()
  return not has_failed
end
