-- What tests say.

local expect = {}

local function shown(value)
  if type(value) ~= "table" then return type(value) == "string" and string.format("%q", value) or tostring(value) end
  local parts = {}
  for _, part in ipairs(value) do parts[#parts + 1] = shown(part) end
  return "{" .. table.concat(parts, ", ") .. "}"
end

--- Both are the same as far as they can be shown: lists are compared by their elements.
function expect.same(got, wanted)
  if shown(got) ~= shown(wanted) then
    error(string.format("got %s, wanted %s", shown(got), shown(wanted)), 2)
  end
end

--- The text contains this.
function expect.has(text, part)
  if not string.find(tostring(text), part, 1, true) then
    error(string.format("%s has no %q", shown(text), part), 2)
  end
end

--- The function raises an error that contains this, and names the line of the test.
function expect.misuse(part, fn)
  local ok, text = pcall(fn)
  if ok then error("no error was raised", 2) end
  expect.has(text, part)
  local file = string.match(debug.getinfo(2, "S").short_src, "[^/]*$")
  if not string.find(text, file .. ":%d+: ") then error("the error does not name the script: " .. text, 2) end
end

return expect
