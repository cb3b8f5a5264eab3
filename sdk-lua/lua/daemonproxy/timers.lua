-- Timers by the moment at which they are due: a binary heap. A cancelled timer is removed at once,
-- so there are never more than somebody waits for.

local timers = {}
timers.__index = timers

function timers.new()
  return setmetatable({ count = 0 }, timers)
end

local function put(heap, at, timer)
  heap[at] = timer
  timer.place = at
end

local function rise(heap, at, timer)
  while at > 1 do
    local above = at // 2
    if heap[above].due <= timer.due then break end
    put(heap, at, heap[above])
    at = above
  end
  put(heap, at, timer)
end

local function sink(heap, at, timer)
  local count = heap.count
  while true do
    local below = 2 * at
    if below > count then break end
    if below < count and heap[below + 1].due < heap[below].due then below = below + 1 end
    if timer.due <= heap[below].due then break end
    put(heap, at, heap[below])
    at = below
  end
  put(heap, at, timer)
end

--- A timer that calls fn(a) once the clock says `due`.
function timers:add(due, fn, a)
  local timer = { due = due, fn = fn, a = a }
  self.count = self.count + 1
  rise(self, self.count, timer)
  return timer
end

--- Takes it out, if it is still in.
function timers:remove(timer)
  local at = timer.place
  if not at then return end
  timer.place = nil
  local last = self[self.count]
  self[self.count] = nil
  self.count = self.count - 1
  if last == timer then return end
  if at > 1 and last.due < self[at // 2].due then rise(self, at, last) else sink(self, at, last) end
end

--- When the next one is due, or nil.
function timers:next()
  local first = self[1]
  return first and first.due
end

--- Takes out one that is due, or nil.
function timers:pop(now)
  local first = self[1]
  if not first or first.due > now then return nil end
  self:remove(first)
  return first
end

return timers
