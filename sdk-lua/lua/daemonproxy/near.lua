-- What somebody may have meant: the known name that is nearest to one that is not known.

local near = {}

-- How many characters must be changed, added, left out or swapped with their neighbour to make one
-- of the other.
local function distance(a, b)
  local before, last, now = {}, {}, {}
  for at = 0, #b do last[at] = at end
  for i = 1, #a do
    now[0] = i
    for j = 1, #b do
      local cost = string.byte(a, i) == string.byte(b, j) and 0 or 1
      now[j] = math.min(last[j] + 1, now[j - 1] + 1, last[j - 1] + cost)
      local is_swapped = i > 1 and j > 1 and string.byte(a, i) == string.byte(b, j - 1)
        and string.byte(a, i - 1) == string.byte(b, j)
      if is_swapped then now[j] = math.min(now[j], before[j - 2] + 1) end
    end
    before, last, now = last, now, before
  end
  return last[#b]
end

-- How many characters they begin with alike.
local function alike(a, b)
  for at = 1, #a do
    if string.byte(a, at) ~= string.byte(b, at) then return at - 1 end
  end
  return #a
end

--- The nearest of the keys of `names`, if any is near enough.
function near.nearest(name, names)
  local all = {}
  for other in pairs(names) do all[#all + 1] = tostring(other) end
  table.sort(all)
  local best, least = nil, #name // 4 + 2
  for _, other in ipairs(all) do
    local far = distance(name, other)
    if far < least or best and far == least and alike(name, other) > alike(name, best) then best, least = other, far end
  end
  return best
end

--- What to put behind a message about a name that is not one of the keys of `names`.
function near.hint(name, names)
  local meant = near.nearest(tostring(name), names)
  return meant and "; did you mean " .. meant .. "?" or ""
end

--- `there is no WHAT NAME`, with what may be meant.
function near.unknown(what, name, names)
  return string.format("there is no %s %s%s", what, tostring(name), near.hint(name, names))
end

return near
