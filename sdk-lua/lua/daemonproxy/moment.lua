-- The daemon's clock: the seconds of CLOCK_MONOTONIC that its timestamps count.
--
-- The host can ask for that clock itself. A plain Lua only knows the time of day; each event that
-- says since when a service has been up or down, and for how long, shows the difference to the
-- daemon's clock.

local moment = {}

function moment.new(io)
  local self = {}
  local ahead    -- of our clock; nil as long as it is not known

  --- Learns from a `service.state`.
  function self.heard(event)
    if io.timers then return end
    local passed = event.state == "up" and event.uptime or event.state == "down" and event.downtime
    if passed then ahead = event.timestamp + passed - io.now() end
  end

  --- Whole seconds, or nil as long as they are not known.
  function self.now()
    if io.timers then return math.floor(io.now()) end
    return ahead and math.floor(io.now() + ahead)
  end

  return self
end

return moment
