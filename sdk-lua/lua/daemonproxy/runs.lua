-- What has become of a service since a coroutine started it.
--
-- A coroutine that starts several services and then waits for one after the other does not see a
-- run that begins and ends meanwhile. So the states of that run are kept for the coroutine that
-- sent `service.start`, until it has waited for them, or the service has begun another run.

local runs = {}

function runs.new()
  local self = {}
  local by_name = {}    -- sets of runs; they end with their coroutines

  --- A coroutine, of which `by` is what it has sent, starts a service.
  function self.begin(by, name)
    local run = {}
    by.runs = by.runs or {}
    by.runs[name] = run
    by_name[name] = by_name[name] or setmetatable({}, { __mode = "k" })
    by_name[name][run] = true
  end

  local function note(run, state)
    if run.has_ended then return false end
    -- Earlier events are about an earlier run.
    if run[1] or state == "start" or state == "up" then run[#run + 1] = state end
    run.has_ended = run[1] and (state == "down" or state == "deleted")
    return true
  end

  --- A service has gone into this state.
  function self.heard(name, state)
    local set = by_name[name]
    if not set then return end
    for run in pairs(set) do
      if not note(run, state) then
        set[run] = nil
        for at = #run, 1, -1 do run[at] = nil end
      end
    end
    if next(set) == nil then by_name[name] = nil end
  end

  --- Whether the run that this coroutine has begun has been in that state. That is answered once,
  --- and earlier states are forgotten.
  function self.has_been(by, name, state)
    local run = by and by.runs and by.runs[name]
    for at = 1, run and #run or 0 do
      if run[at] == state then
        table.move(run, at + 1, #run + at, 1)
        return true
      end
    end
    return false
  end

  return self
end

return runs
